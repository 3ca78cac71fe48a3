package io.bridgetower.jobs.scoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something failed, in one line. */
final class Reason {
    private static final int MAX_SUBJECT = 200;

    private Reason() {}

    /**
     * The reason, which names its subject.
     *
     * @param subject what failed: the image of a row as its source knows it
     */
    public static String of(String subject, Throwable e) {
        String reason = reason(e);
        String named = reason.contains(subject + ":") ? reason : beginning(subject) + ": " + reason;
        return named.replaceAll("\\p{Cntrl}", " ");
    }

    private static String reason(Throwable e) {
        return switch (e) {
            case NoSuchFileException file when file.getReason() == null -> file.getFile() + ": no such file";
            case AccessDeniedException file when file.getReason() == null -> file.getFile() + ": permission denied";
            case FileSystemException file -> file.getMessage();
            case IOException io when io.getMessage() != null -> io.getMessage();
            case UncheckedIOException unchecked -> reason(unchecked.getCause());
            case IllegalArgumentException argument when argument.getMessage() != null -> argument.getMessage();
            case OutOfMemoryError memory -> "not enough memory (" + memory.getMessage() + ")";
            default -> e.toString();
        };
    }

    /** Not all of what may be a whole image in a line of text. */
    private static String beginning(String subject) {
        if (subject.codePointCount(0, subject.length()) <= MAX_SUBJECT) return subject;
        return subject.substring(0, subject.offsetByCodePoints(0, MAX_SUBJECT)) + "…";
    }
}
