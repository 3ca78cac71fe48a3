package io.bridgetower.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file that exists but does not hold what its format or its use demands: truncated, lying, of the wrong shape, or
 * hostile. The one exception by which configuration, checkpoint, tokenizer and image readers reject content; a file that
 * cannot be read at all is reported by the {@link IOException} of the JDK.
 */
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final String field;
    private final String problem;

    /**
     * @param file the file at fault
     * @param field the entry, key or header field at fault; null if it is the file as a whole
     * @param problem what was found and what was expected
     */
    public MalformedFileException(Path file, String field, String problem) {
        this(file, field, problem, null);
    }

    /** As above, with the exception that told of the problem. */
    public MalformedFileException(Path file, String field, String problem, Throwable cause) {
        this(file.toString(), file, field, problem, cause);
    }

    private MalformedFileException(String name, Path file, String field, String problem, Throwable cause) {
        super(printable(name + ": " + (field == null ? "" : field + ": ") + problem), cause);
        this.file = file;
        this.field = field;
        this.problem = problem;
    }

    /** The same about something that is no file, such as an address. */
    public MalformedFileException at(String name) {
        return new MalformedFileException(name, file, field, problem, this);
    }

    /** What a file makes us quote must not break a log's lines or move a terminal's cursor. */
    private static String printable(String message) {
        StringBuilder printable = new StringBuilder(message.length());
        message.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                printable.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }

    /** The file at fault. */
    public Path file() {
        return file;
    }

    /** What was found and what was expected, without the file and the field. */
    public String problem() {
        return printable(problem);
    }

    /** The entry, key or header field at fault, or null if it is the file as a whole. */
    public String field() {
        return field;
    }
}
