package io.bridgetower.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** The reference's library for images, in its own process. */
final class Pillow {
    private static final String PYTHON = "bridgetower.bench.python";

    /** Decodes and resizes for so many seconds after a few times for warming up; prints the mean in milliseconds. */
    private static final String PROGRAM = """
        import io, sys, time
        from PIL import Image
        data = open(sys.argv[1], "rb").read()
        def run():
            Image.open(io.BytesIO(data)).convert("RGB").resize((int(sys.argv[2]), int(sys.argv[3])), Image.BICUBIC)
        for i in range(2): run()
        start = time.perf_counter()
        count = 0
        while count == 0 or time.perf_counter() - start < float(sys.argv[4]):
            run()
            count += 1
        print((time.perf_counter() - start) / count * 1000)
        """;

    private Pillow() {}

    /**
     * Milliseconds for decoding {@code file} and resizing it, or nothing if the Python that the system property
     * {@value #PYTHON} names, {@code python3} if none does, has no Pillow.
     */
    static OptionalDouble milliseconds(Path file, int width, int height, double seconds) throws IOException {
        List<String> command = List.of(
                System.getProperty(PYTHON, "python3"),
                "-c",
                PROGRAM,
                file.toString(),
                Integer.toString(width),
                Integer.toString(height),
                Double.toString(seconds));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? OptionalDouble.of(Double.parseDouble(printed)) : OptionalDouble.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
