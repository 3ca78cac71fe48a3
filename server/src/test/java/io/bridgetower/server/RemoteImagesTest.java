package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.UrlPolicy;
import io.bridgetower.processor.image.raster.ImageLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Images that requests name by their addresses. */
class RemoteImagesTest {
    @Test
    void areDownloadedFromHostsThatAreAllowed() throws Exception {
        UrlPolicy policy = new UrlPolicy(
                Set.of("127.0.0.1"), new ImageLimits(1_000_000, 1 << 20), Duration.ofSeconds(10), 0, true);
        try (ServerSocket images = serve(Files.readAllBytes(TestServer.image(2)));
                TestServer server = TestServer.start(options -> options.urlPolicy(policy))) {
            String address = "http://127.0.0.1:" + images.getLocalPort() + "/a.png";
            float[] sent = vector(server, TestServer.dataUri(2));
            assertArrayEquals(sent, vector(server, address));
            TestServer.Answer other = embed(server, "http://localhost:" + images.getLocalPort() + "/a.png");
            assertEquals(400, other.status());
        }
    }

    /** Whatever the reason is, so that nobody explores the network by it. */
    @Test
    void fromOthersAreRefusedWithOneMessage() throws Exception {
        try (ServerSocket images = serve(Files.readAllBytes(TestServer.image(2)));
                TestServer server = TestServer.start(options -> options.urlPolicy(UrlPolicy.of(Set.of("*"))))) {
            int port = images.getLocalPort();
            for (String address : List.of(
                    "http://127.0.0.1:" + port + "/a.png",
                    "https://127.0.0.1:" + port + "/a.png",
                    "https://localhost:" + port + "/a.png",
                    "https://[::1]:" + port + "/a.png",
                    "https://169.254.169.254/latest/meta-data",
                    "https://user@127.0.0.1/a.png")) {
                TestServer.Answer answer = embed(server, address);
                assertEquals(400, answer.status());
                assertTrue(
                        answer.body().contains("input[0].image: the address is not allowed, or gives no image"),
                        answer.body());
                assertFalse(answer.body().contains(address), answer.body());
            }
        }
    }

    private static float[] vector(TestServer server, String image) throws Exception {
        return TestServer.vector(
                embed(server, image).ok().objects("data").getFirst().get("embedding"));
    }

    private static TestServer.Answer embed(TestServer server, String image) throws Exception {
        return server.post("/v1/embeddings", Map.of("input", List.of(Map.of("image", image))));
    }

    /** Answers every connection with a file, until it is closed. */
    private static ServerSocket serve(byte[] file) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (true) {
                try (Socket socket = server.accept();
                        OutputStream out = socket.getOutputStream()) {
                    byte[] request = new byte[4096];
                    if (socket.getInputStream().read(request) < 0) continue;
                    String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + file.length + "\r\n\r\n";
                    out.write(head.getBytes(StandardCharsets.US_ASCII));
                    out.write(file);
                } catch (SocketException e) {
                    return;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        return server;
    }
}
