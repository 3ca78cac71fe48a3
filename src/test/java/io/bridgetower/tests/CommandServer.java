package io.bridgetower.tests;

import io.bridgetower.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs commands that {@link #SCRIPT} hands to it, in the directory where both are started. One JVM compiles its kernels once,
 * which takes longer than most commands do.
 */
final class CommandServer {
    /** A command for shells, with the input, the output and the exit code of {@code bridgetower}. */
    static final String SCRIPT = """
        #!/bin/sh
        call=$(mktemp -d "$PWD/call.XXXXXX")
        for argument in "$@"; do printf '%s\\0' "$argument"; done >"$call/arguments"
        cat >"$call/in"
        mkfifo "$call/code"
        echo "$call" >requests
        read -r code <"$call/code"
        cat "$call/err" >&2
        cat "$call/out"
        exit "$code"
        """;

    private CommandServer() {}

    /** Goes on until the process is ended. */
    public static void main(String[] args) throws IOException {
        Path requests = Path.of("requests");
        while (true) {
            for (String call : Files.readAllLines(requests)) run(Path.of(call));
        }
    }

    private static void run(Path call) throws IOException {
        String arguments = Files.readString(call.resolve("arguments"));
        int code;
        try (InputStream in = Files.newInputStream(call.resolve("in"));
                OutputStream out = Files.newOutputStream(call.resolve("out"));
                OutputStream err = Files.newOutputStream(call.resolve("err"))) {
            code = Main.run(in, out, err, arguments.split("\0"));
        }
        Files.writeString(call.resolve("code"), code + "\n");
    }
}
