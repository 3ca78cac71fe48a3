package io.bridgetower.model.config;

/** A configuration value that is out of range. The message starts with the field's dotted JSON name. */
public final class InvalidFieldException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String problem;

    InvalidFieldException(String field, String problem) {
        super(field + ": " + problem);
        this.field = field;
        this.problem = problem;
    }

    /** The dotted JSON name. */
    public String field() {
        return field;
    }

    /** What is wrong, without the name. */
    public String problem() {
        return problem;
    }
}
