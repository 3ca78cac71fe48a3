package io.bridgetower.jobs;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something failed, in one line. */
final class Reason {
    private Reason() {}

    static String of(Throwable e) {
        String reason = switch (e) {
            case NoSuchFileException file when file.getReason() == null -> file.getFile() + ": no such file";
            case AccessDeniedException file when file.getReason() == null -> file.getFile() + ": permission denied";
            case FileSystemException file -> file.getMessage();
            case java.io.IOException io when io.getMessage() != null -> io.getMessage();
            case IllegalArgumentException argument when argument.getMessage() != null -> argument.getMessage();
            default -> e.toString();
        };
        return reason.replaceAll("\\p{Cntrl}", " ");
    }
}
