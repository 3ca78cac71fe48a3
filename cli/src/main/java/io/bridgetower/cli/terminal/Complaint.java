package io.bridgetower.cli.terminal;

import io.bridgetower.files.MalformedFileException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What an exception means, in one sentence for a person. */
public final class Complaint {
    private Complaint() {}

    public static String of(Throwable e) {
        return switch (e) {
            case Failure failure -> failure.getMessage();
            case MalformedFileException malformed -> malformed.getMessage();
            case FileSystemException file -> file(file);
            case UncheckedIOException unchecked -> of(unchecked.getCause());
            case java.io.IOException io -> io.getMessage() == null ? unexpected(io) : io.getMessage();
            case ArithmeticException arithmetic when arithmetic.getMessage() != null -> arithmetic.getMessage();
            case IllegalArgumentException argument when argument.getMessage() != null -> argument.getMessage();
            case OutOfMemoryError memory ->
                "not enough memory (" + memory.getMessage()
                        + "); BRIDGETOWER_JAVA_OPTS=-Xmx8g, for example, allows for more";
            default -> unexpected(e);
        };
    }

    private static String file(FileSystemException e) {
        String reason = switch (e) {
            case NotDirectoryException _ -> null;
            case NoSuchFileException _ when e.getReason() == null -> "no such file";
            case AccessDeniedException _ when e.getReason() == null -> "permission denied";
            default -> e.getReason();
        };
        return reason == null ? e.getMessage() : e.getFile() + ": " + reason;
    }

    private static String unexpected(Throwable e) {
        return "unexpected " + e + "; --verbose shows where";
    }
}
