/** The {@code bridgetower} command. */
module io.bridgetower.cli {
    requires io.bridgetower;
    requires io.bridgetower.jobs;
    requires io.bridgetower.search;
    requires io.bridgetower.server;
    requires info.picocli;
    requires com.fasterxml.jackson.core;
    requires java.logging;
    requires jdk.unsupported;

    opens io.bridgetower.cli to
            info.picocli;
    opens io.bridgetower.cli.answer to
            info.picocli;
    opens io.bridgetower.cli.batch to
            info.picocli;
    opens io.bridgetower.cli.bench to
            info.picocli;
    opens io.bridgetower.cli.evaluate to
            info.picocli;
    opens io.bridgetower.cli.forward to
            info.picocli;
    opens io.bridgetower.cli.images to
            info.picocli;
    opens io.bridgetower.cli.model to
            info.picocli;
    opens io.bridgetower.cli.options to
            info.picocli;
    opens io.bridgetower.cli.pair to
            info.picocli;
    opens io.bridgetower.cli.preprocess to
            info.picocli;
    opens io.bridgetower.cli.search to
            info.picocli;
    opens io.bridgetower.cli.serve to
            info.picocli;
}
