package io.bridgetower.cli.serve;

import io.bridgetower.BridgeTower;
import io.bridgetower.UrlPolicy;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.HostName;
import io.bridgetower.cli.options.HubRevision;
import io.bridgetower.cli.options.MemorySize;
import io.bridgetower.cli.options.WeightsVariant;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.hub.Hub;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.server.AccessLog;
import io.bridgetower.server.BridgeTowerServer;
import io.bridgetower.server.ServerOptions;
import io.bridgetower.server.http.ApiKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/** {@code bridgetower serve}. */
@Command(
        name = "serve",
        description =
                "Answer requests over HTTP: vectors, matching, ranking, filling, explaining, in the forms of OpenAI,"
                    + " Cohere, vLLM, Text Embeddings Inference and others, and a page for people. Prints a line with"
                    + " its address when it is ready. SIGTERM ends it when its requests are answered; SIGHUP loads the"
                    + " models anew.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower serve",
            "  bridgetower serve --model DIR --host 0.0.0.0 --api-key-file keys.txt",
            "  bridgetower serve --model DIR --max-queue-seconds 10 --log json"
        })
public final class ServeCommand implements Callable<Void> {
    private static final int MAX_PORT = 65_535;

    /** Jetty's messages about starting and stopping are not shown. A strong reference, because a logger that is collected loses its level. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    /** How requests are logged. */
    private enum Log {
        TEXT,
        JSON,
        NONE
    }

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "${env:BRIDGETOWER_MODEL}",
            description = "Directory in Hugging Face's layout, or a name on the Hub; to be given again for each"
                    + " further model, of which requests choose one by the name of the directory or on the Hub. If not"
                    + " given, the value of BRIDGETOWER_MODEL, or else a small demo model that knows coloured shapes.")
    private List<String> models;

    @Mixin
    private HubRevision revision;

    @Mixin
    private WeightsVariant variant;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen at; ${DEFAULT-VALUE} if not given, which other machines cannot reach.")
    private String host;

    private int port = 8080;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "File with a key on each line, of which clients have to send one: Authorization: Bearer KEY.")
    private Path keyFile;

    private double maxQueueSeconds = 30, timeout = 60, stopTimeout = 30;

    @Option(
            names = "--max-body",
            paramLabel = "SIZE",
            converter = MemorySize.Converter.class,
            defaultValue = "16m",
            description = "Size of a request at most; ${DEFAULT-VALUE} if not given.")
    private MemorySize maxBody;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            converter = MemorySize.Converter.class,
            defaultValue = "2g",
            description =
                    "Memory for requests, and for encodings that later ones may need again, in addition to the weights;"
                            + " ${DEFAULT-VALUE} if not given.")
    private MemorySize maxMemory;

    @Option(
            names = "--max-items",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Items of a list, or pairs, in a request at most; ${DEFAULT-VALUE} if not given.")
    private int maxItems;

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            defaultValue = "50000000",
            description = "Pixels of an image at most; ${DEFAULT-VALUE} if not given.")
    private long maxPixels;

    @Option(
            names = "--allow-urls",
            paramLabel = "HOST",
            split = ",",
            converter = HostName.class,
            description = "Hosts that images may be downloaded from for clients, separated by commas:"
                    + " images.example.org, *.example.org for all below it, or * for all. None if not given.")
    private Set<String> hosts = Set.of();

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description = "PKCS 12 file with a certificate and its key, for HTTPS.")
    private Path keyStore;

    @Option(
            names = "--tls-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password of --tls-keystore.")
    private Path passwordFile;

    @Option(
            names = "--log",
            paramLabel = "FORM",
            defaultValue = "text",
            description =
                    "How requests are logged on standard error: text, json or none; ${DEFAULT-VALUE} if not given.")
    private Log log;

    @Mixin
    private EngineOptions engine;

    public ServeCommand(Streams streams) {
        this.streams = streams;
    }

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen at, 0 for any that is free; 8080 if not given.")
    private void setPort(int value) {
        if (value < 0 || value > MAX_PORT) throw misuse("--port: expected 0 to " + MAX_PORT + ", found " + value);
        port = value;
    }

    @Option(
            names = "--max-queue-seconds",
            paramLabel = "S",
            description =
                    "How long a request may have to wait for others, by estimate, before it is refused with status"
                            + " 429; 30 if not given.")
    private void setMaxQueueSeconds(double seconds) {
        maxQueueSeconds = positive("--max-queue-seconds", seconds);
    }

    @Option(
            names = "--request-timeout",
            paramLabel = "S",
            description = "How many seconds a request may take whose header X-Request-Timeout does not say; 60 if not"
                    + " given.")
    private void setTimeout(double seconds) {
        timeout = positive("--request-timeout", seconds);
    }

    @Option(
            names = "--stop-timeout",
            paramLabel = "S",
            description = "How many seconds requests may still take when the server is to end; 30 if not given.")
    private void setStopTimeout(double seconds) {
        stopTimeout = positive("--stop-timeout", seconds);
    }

    @Override
    public Void call() throws IOException, Failure {
        ServerOptions options = options(engine.modelOptions().withVariant(variant.name()));
        JETTY.setLevel(Level.WARNING);
        BlockingQueue<String> signals = new LinkedBlockingQueue<>();
        for (String name : List.of("TERM", "INT", "HUP")) {
            try {
                Signal.handle(new Signal(name), _ -> signals.add(name));
            } catch (IllegalArgumentException e) {
                // This system has no such signal, or the virtual machine keeps it to itself.
            }
        }
        try (BridgeTowerServer server = BridgeTowerServer.start(options)) {
            server.load();
            streams.out().write(("listening on " + server.uri() + "\n").getBytes(StandardCharsets.UTF_8));
            streams.out().flush();
            if (models == null) streams.note(DemoModel.note("served"));
            while (signals.take().equals("HUP")) reload(server);
            streams.note("stopping");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private void reload(BridgeTowerServer server) {
        try {
            server.load();
            streams.note("the models are loaded anew");
        } catch (IOException | RuntimeException e) {
            streams.complain("the models could not be loaded anew, those before stay: " + e.getMessage());
        }
    }

    private ServerOptions options(ModelOptions modelOptions) throws IOException, Failure {
        List<ServerOptions.Model> served = new ArrayList<>();
        if (models == null) {
            Path directory = DemoModel.directory();
            served.add(new ServerOptions.Model(
                    "demo", () -> BridgeTower.builder(directory).modelOptions(modelOptions)));
        } else {
            for (String model : models) served.add(model(model, modelOptions));
        }
        ServerOptions options = new ServerOptions(served)
                .host(host)
                .port(port)
                .maxQueueSeconds(maxQueueSeconds)
                .timeout(seconds(timeout))
                .stopTimeout(seconds(stopTimeout))
                .log(accessLog())
                .version(spec.root().version()[0]);
        set("--max-body", () -> options.maxBody(maxBody.bytes()));
        set("--max-memory", () -> options.maxMemory(maxMemory.bytes()));
        set("--max-items", () -> options.maxItems(maxItems));
        set("--max-pixels", () -> options.maxPixels(maxPixels));
        if (keyFile != null) options.keys(ApiKeys.read(keyFile));
        if (!hosts.isEmpty()) options.urlPolicy(UrlPolicy.of(hosts));
        if (passwordFile != null && keyStore == null) throw misuse("--tls-password-file: expected --tls-keystore too");
        if (keyStore != null) options.tls(keyStore, passwordFile == null ? null : firstLine(passwordFile));
        return options;
    }

    private ServerOptions.Model model(String model, ModelOptions options) throws IOException {
        // Downloaded now, so that a name that is wrong is told at once.
        Path directory = revision.locate(model, variant, streams);
        String name = Hub.isName(model)
                ? model
                : directory.toAbsolutePath().normalize().getFileName().toString();
        return new ServerOptions.Model(
                name, () -> BridgeTower.builder(directory).modelOptions(options));
    }

    private AccessLog accessLog() {
        return switch (log) {
            case TEXT -> AccessLog.text(streams::note);
            case JSON -> AccessLog.json(line -> streams.err().print(line + "\n"));
            case NONE -> AccessLog.NONE;
        };
    }

    private static String firstLine(Path file) throws IOException, Failure {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty()) throw new Failure(file + ": expected a password on its first line, found nothing");
        return lines.getFirst();
    }

    /** Sets an option, whose name an error is to begin with. */
    private void set(String option, Runnable setter) {
        try {
            setter.run();
        } catch (IllegalArgumentException e) {
            throw misuse(option + e.getMessage().substring(e.getMessage().indexOf(':')));
        }
    }

    private double positive(String option, double seconds) {
        if (seconds > 0 && seconds <= Duration.ofDays(1).toSeconds()) return seconds;
        throw misuse(option + ": expected seconds, more than 0 and at most a day, found " + seconds);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) Math.ceil(1000 * seconds));
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
