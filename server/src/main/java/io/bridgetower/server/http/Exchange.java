package io.bridgetower.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** A request and its answer. Used by the thread of the request, which may block. */
public interface Exchange {
    /** Writes the body of an answer. */
    @FunctionalInterface
    interface Body {
        /** Writes all of it; the stream is flushed and closed by the caller. */
        void write(OutputStream out) throws IOException;
    }

    /**
     * A part of a form.
     *
     * @param name of its field
     * @param content its bytes
     */
    record Part(String name, byte[] content) {}

    /** The value of a header; null if there is none. */
    String header(String name);

    /** What stands in the path in place of {@code {name}} of the route. */
    String pathValue(String name);

    /**
     * All of the body of the request.
     *
     * @throws HttpError if it is longer than the server takes, or comes too slowly
     */
    byte[] body() throws IOException;

    /** Whether the body is a form, {@code multipart/form-data}. */
    boolean isForm();

    /**
     * The parts of a form, in their order.
     *
     * @throws HttpError if it is not well formed, or too large
     */
    List<Part> form() throws IOException;

    /** When the request had arrived, by {@link System#nanoTime}: its headers, and its body once that is read. */
    long arrived();

    /** How long after its arrival the client waits for the answer. */
    Duration timeout();

    /** What tells this request from others, in logs and answers. */
    String requestId();

    /** Runs an action, once or more often, when the client goes away before it has its answer. Called when the body is read. */
    void onGone(Runnable action);

    /** Sets a header of the answer. */
    void setHeader(String name, String value);

    /** Answers. */
    void send(int status, String contentType, Body body) throws IOException;
}
