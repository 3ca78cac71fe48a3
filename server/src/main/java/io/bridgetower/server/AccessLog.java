package io.bridgetower.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.server.http.RequestLogger;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes a line for every request. It has nothing of what a client sent but its ids. */
public final class AccessLog implements RequestLogger {
    /** No lines. */
    public static final AccessLog NONE = new AccessLog(_ -> "", _ -> {});

    private static final JsonFactory JSON = new JsonFactory();

    /** Makes a line. */
    private interface Format {
        String line(Entry entry);
    }

    private final Format format;
    private final Consumer<String> lines;

    private AccessLog(Format format, Consumer<String> lines) {
        this.format = format;
        this.lines = lines;
    }

    /** Lines for people: time, method, route, status, milliseconds, id. */
    public static AccessLog text(Consumer<String> lines) {
        return new AccessLog(AccessLog::text, lines);
    }

    /** A JSON object on each line. */
    public static AccessLog json(Consumer<String> lines) {
        return new AccessLog(AccessLog::json, lines);
    }

    @Override
    public void log(Entry entry) {
        lines.accept(format.line(entry));
    }

    private static String text(Entry entry) {
        String line = String.format(
                Locale.ROOT,
                "%s %s %s %d %.1f ms %s",
                Instant.now(),
                entry.method(),
                entry.path() == null ? "-" : entry.path(),
                entry.status(),
                1000 * entry.seconds(),
                entry.requestId());
        return entry.failure() == null ? line : line + " " + failure(entry.failure());
    }

    private static String json(Entry entry) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", Instant.now().toString());
            json.writeStringField("method", entry.method());
            json.writeStringField("route", entry.path());
            json.writeNumberField("status", entry.status());
            json.writeNumberField("seconds", entry.seconds());
            json.writeStringField("request_id", entry.requestId());
            if (entry.traceparent() != null) json.writeStringField("traceparent", entry.traceparent());
            if (entry.failure() != null) json.writeStringField("failure", failure(entry.failure()));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    /** The cause, on one line. */
    private static String failure(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause.toString().replaceAll("\\R", " ");
    }
}
