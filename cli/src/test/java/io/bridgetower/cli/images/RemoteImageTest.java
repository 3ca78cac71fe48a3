package io.bridgetower.cli.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.bridgetower.UrlPolicy;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Downloads from a server of this machine, which the command itself does not allow. */
class RemoteImageTest {
    private static final Path IMAGE = Path.of(System.getProperty("bridgetower.root"), "examples", "01.png");

    @Test
    void anImageIsDownloadedFromAnAllowedHost() throws Exception {
        byte[] encoded = Files.readAllBytes(IMAGE);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/a.png", exchange -> {
            exchange.sendResponseHeaders(200, encoded.length);
            exchange.getResponseBody().write(encoded);
            exchange.close();
        });
        server.start();
        try (ImageArguments arguments = new ImageArguments(RemoteImageTest::local)) {
            new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("images", mixin(arguments)))
                    .parseArgs("--allow-urls", "other.example,LOCALHOST");
            String address = "http://localhost:" + server.getAddress().getPort() + "/";
            NamedImage image = arguments.one(address + "a.png", streams());
            assertEquals(address + "a.png", image.name());
            assertArrayEquals(
                    ImageCodec.read(IMAGE).pixels(),
                    image.read(ImageReadOptions.DEFAULT).pixels());
            NamedImage missing = arguments.one(address + "b.png", streams());
            IOException e = assertThrows(IOException.class, () -> missing.read(ImageReadOptions.DEFAULT));
            assertEquals(address + "b.png: the server answers 404", e.getMessage());
        } finally {
            server.stop(0);
        }
    }

    private static CommandLine.Model.CommandSpec mixin(ImageArguments arguments) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(arguments);
    }

    private static UrlPolicy local(Set<String> hosts) {
        UrlPolicy policy = UrlPolicy.of(hosts);
        return new UrlPolicy(hosts, policy.limits(), policy.timeout(), policy.maxRedirects(), true);
    }

    private static Streams streams() {
        return Streams.of(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                StandardCharsets.UTF_8);
    }
}
