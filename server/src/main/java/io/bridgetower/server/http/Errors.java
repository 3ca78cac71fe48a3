package io.bridgetower.server.http;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.inputs.TextTooLongException;
import io.bridgetower.server.compute.ClientGoneException;
import io.bridgetower.server.compute.DeadlineException;
import io.bridgetower.server.compute.OverloadedException;
import io.bridgetower.server.compute.TooMuchWorkException;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** What clients are told of exceptions. */
public final class Errors {
    private Errors() {}

    /**
     * The error for an exception.
     *
     * @param field that is at fault if the exception says that a value is wrong; null if that is not known
     */
    public static HttpError of(Throwable e, String field) {
        return switch (e) {
            case HttpError error -> error;
            case OverloadedException overloaded ->
                HttpError.overloaded(overloaded.getMessage(), overloaded.retryAfter());
            case TooMuchWorkException much -> HttpError.of(HttpError.Kind.TOO_LARGE, much.getMessage());
            case DeadlineException late -> HttpError.of(HttpError.Kind.TIMEOUT, late.getMessage());
            case ClientGoneException gone -> HttpError.of(HttpError.Kind.GONE, gone.getMessage());
            case CancellationException ended -> HttpError.of(HttpError.Kind.UNAVAILABLE, ended.getMessage());
            case UnsupportedOperationException missing ->
                HttpError.of(HttpError.Kind.INVALID, "the model cannot do this: its checkpoint lacks the head for it");
            case TextTooLongException tooLong ->
                invalid(field, "expected at most " + tooLong.maxTokens() + " tokens, found " + tooLong.tokens());
            case MalformedFileException malformed -> invalid(field, malformed.problem());
            case IllegalArgumentException illegal -> invalid(field, illegal.getMessage());
            case EOFException _ -> HttpError.of(HttpError.Kind.INVALID, "the body ends early");
            case IOException io
            when io.getCause() instanceof TimeoutException ->
                HttpError.of(HttpError.Kind.SLOW, "the body comes too slowly");
            case IOException io when field != null -> invalid(field, io.getMessage());
            case OutOfMemoryError memory ->
                HttpError.of(HttpError.Kind.FAILED, "there is not enough memory for this request", memory);
            default -> HttpError.of(HttpError.Kind.FAILED, "the computation failed", e);
        };
    }

    private static HttpError invalid(String field, String problem) {
        if (field == null) return HttpError.of(HttpError.Kind.INVALID, problem);
        String prefix = field + ": ";
        return HttpError.invalid(field, problem.startsWith(prefix) ? problem.substring(prefix.length()) : problem);
    }
}
