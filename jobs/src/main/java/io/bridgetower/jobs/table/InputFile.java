package io.bridgetower.jobs.table;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.files.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/** One pass over the rows of an input, which hashes its bytes as it reads them. */
public final class InputFile implements AutoCloseable {
    /**
     * An input that has been read once.
     *
     * @param sha256 of its bytes
     * @param rows number of its rows
     */
    public record Content(String sha256, long rows) {}

    private final Path path;
    private final MessageDigest digest = Sha256.digest();
    private final InputStream in;
    private final Rows rows;

    private InputFile(Path path, TableOptions options) throws IOException {
        this.path = path;
        in = new BufferedInputStream(new DigestInputStream(Files.newInputStream(path), digest));
        try {
            rows = FileFormat.of(path).rows(path, in, options);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Begins a pass. */
    public static InputFile open(Path path, TableOptions options) throws IOException {
        return new InputFile(path, options);
    }

    /** Reads an input once, to know it again. */
    public static Content read(Path path, TableOptions options) throws IOException {
        try (InputFile file = open(path, options)) {
            long count = 0;
            for (; file.rows.hasNext(); file.rows.next()) count++;
            return new Content(Sha256.hex(file.digest), count);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    public Rows rows() {
        return rows;
    }

    /**
     * Passes over rows.
     *
     * @throws MalformedFileException if there are not so many
     */
    public void skip(long count) throws MalformedFileException {
        for (long i = 0; i < count; i++) {
            if (!rows.hasNext()) throw changed();
            rows.next();
        }
    }

    /**
     * Demands, at the end of the pass, that the input is what it was when it was read before.
     *
     * @throws MalformedFileException if it has changed
     */
    public void check(Content before) throws MalformedFileException {
        if (!Sha256.hex(digest).equals(before.sha256())) throw changed();
    }

    @Override
    public void close() throws IOException {
        rows.close();
        in.close();
    }

    private MalformedFileException changed() {
        return new MalformedFileException(path, null, "has changed while the job was running");
    }
}
