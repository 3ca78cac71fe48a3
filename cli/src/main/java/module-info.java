/** The {@code bridgetower} command. */
module io.bridgetower.cli {
    requires io.bridgetower.jobs;
    requires io.bridgetower.model;
    requires io.bridgetower.processor;
    requires info.picocli;
    requires com.fasterxml.jackson.core;

    opens io.bridgetower.cli to
            info.picocli;
}
