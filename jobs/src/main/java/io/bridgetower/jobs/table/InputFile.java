package io.bridgetower.jobs.table;

import io.bridgetower.files.MalformedFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
    private final MessageDigest hash;
    private final InputStream in;
    private final Rows rows;

    private InputFile(Path path, TableOptions options) throws IOException {
        this.path = path;
        try {
            hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
        in = new BufferedInputStream(new DigestInputStream(Files.newInputStream(path), hash));
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
            return new Content(file.hash(), count);
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
        if (!hash().equals(before.sha256())) throw changed();
    }

    @Override
    public void close() throws IOException {
        rows.close();
        in.close();
    }

    private String hash() {
        return HexFormat.of().formatHex(hash.digest());
    }

    private MalformedFileException changed() {
        return new MalformedFileException(path, null, "has changed while the job was running");
    }
}
