package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a command did.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Run(int code, String out, String err) {
    /** The root of the source tree. */
    static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));

    static final Path DEMO = ROOT.resolve("models/demo");

    /** Runs a command without input. */
    static Run of(Object... args) {
        return of(new byte[0], args);
    }

    /** Runs a command in this process. */
    static Run of(byte[] in, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
        String[] strings = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        int code = Main.run(new ByteArrayInputStream(in), out, err, strings);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static Path example(int number) {
        return ROOT.resolve("examples/%02d.png".formatted(number));
    }

    /** Demands that all went well; the standard output. */
    String succeeds() {
        assertEquals(0, code, err);
        return out;
    }

    /** Demands a failure that is told in one line, of which these are parts. */
    void fails(Object... parts) {
        complains(1, parts);
    }

    /** Demands that the call was refused in one line, of which these are parts. */
    void isMisuse(Object... parts) {
        complains(2, parts);
        assertTrue(err.contains("--help"), err);
    }

    private void complains(int expectedCode, Object... parts) {
        assertEquals(expectedCode, code, err);
        assertEquals("", out);
        assertTrue(err.startsWith("bridgetower: "), err);
        assertEquals(err.length() - 1, err.indexOf('\n'), err);
        assertFalse(err.contains("Exception"), err);
        for (Object part : parts) assertTrue(err.contains(part.toString()), () -> "no " + part + " in: " + err);
    }
}
