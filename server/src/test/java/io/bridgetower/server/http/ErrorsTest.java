package io.bridgetower.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.bridgetower.server.http.HttpError.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    @Test
    void aFieldIsNamedOnce() {
        assertEquals(
                "a[0]: broken",
                Errors.of(new IOException("a[0]: broken"), "a[0]").getMessage());
        assertEquals(
                "a[0]: broken", Errors.of(new IOException("broken"), "a[0]").getMessage());
        assertEquals("a[0]", Errors.of(new IOException("broken"), "a[0]").field());
    }

    @Test
    void whatTheClientCannotHelpIsNotItsFault() {
        assertEquals(Kind.FAILED, Errors.of(new OutOfMemoryError(), "a").kind());
        assertEquals(
                Kind.FAILED,
                Errors.of(new ArithmeticException("the model computes NaN"), null)
                        .kind());
        assertEquals(Kind.FAILED, Errors.of(new IOException("disk"), null).kind());
        assertEquals(
                "the computation failed",
                Errors.of(new NullPointerException("secret"), null).getMessage());
    }

    @Test
    void whatTheClientSendsIs() {
        assertEquals(Kind.INVALID, Errors.of(new EOFException(), null).kind());
        assertEquals(
                Kind.INVALID,
                Errors.of(new IllegalArgumentException("no"), null).kind());
        assertEquals(
                Kind.INVALID,
                Errors.of(new UnsupportedOperationException("no head"), null).kind());
        assertEquals(
                Kind.SLOW,
                Errors.of(new IOException(new TimeoutException()), null).kind());
        HttpError error = HttpError.invalid("a", "expected b");
        assertSame(error, Errors.of(error, "other"));
    }
}
