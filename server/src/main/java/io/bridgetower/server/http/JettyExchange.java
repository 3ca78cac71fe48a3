package io.bridgetower.server.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** An exchange over Jetty. */
final class JettyExchange implements Exchange {
    private static final String FORM = "multipart/form-data";
    private static final int MAX_PARTS = 2000;

    private final Request request;
    private final Response response;
    private final Map<String, String> pathValues;
    private final String requestId;
    private final Duration timeout;
    private final HttpOptions options;
    private DisconnectWatch watch;
    private long arrived = System.nanoTime();

    /** Whether the request is read and its answer not begun: the client has nothing to send or to receive. */
    private volatile boolean isComputing;

    JettyExchange(
            Request request,
            Response response,
            Map<String, String> pathValues,
            String requestId,
            Duration timeout,
            HttpOptions options) {
        this.request = request;
        this.response = response;
        this.pathValues = pathValues;
        this.requestId = requestId;
        this.timeout = timeout;
        this.options = options;
        request.addIdleTimeoutListener(_ -> !isComputing);
    }

    @Override
    public String header(String name) {
        return request.getHeaders().get(name);
    }

    @Override
    public String pathValue(String name) {
        return pathValues.get(name);
    }

    @Override
    public byte[] body() throws IOException {
        // Not closed: if some of it is left, Jetty would end the connection before the client has its answer.
        InputStream in = stream();
        byte[] body;
        if (request.getLength() < 0) {
            body = in.readAllBytes();
        } else {
            body = new byte[Math.toIntExact(request.getLength())];
            int length = in.readNBytes(body, 0, body.length);
            if (length < body.length) throw new EOFException();
        }
        arrived = System.nanoTime();
        return body;
    }

    private InputStream stream() {
        return new LimitedInputStream(Content.Source.asInputStream(request), options.maxBody(), options.timeout());
    }

    @Override
    public boolean isForm() {
        String type = header("Content-Type");
        return type != null && type.regionMatches(true, 0, FORM, 0, FORM.length());
    }

    @Override
    public List<Part> form() throws IOException {
        long maxBody = options.maxBody();
        MultiPartConfig config = new MultiPartConfig.Builder()
                .maxParts(MAX_PARTS)
                .maxSize(maxBody)
                .maxPartSize(maxBody)
                .maxMemoryPartSize(maxBody)
                .useFilesForPartsWithoutFileName(false)
                .build();
        List<Part> parts = new ArrayList<>();
        try (MultiPartFormData.Parts read =
                MultiPartFormData.getParts(Content.Source.from(stream()), request, header("Content-Type"), config)) {
            for (MultiPart.Part part : read) {
                try (InputStream in = Content.Source.asInputStream(part.createContentSource())) {
                    parts.add(new Part(part.getName(), in.readAllBytes()));
                }
            }
            arrived = System.nanoTime();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof HttpError error) throw error;
            throw HttpError.of(
                    HttpError.Kind.INVALID, "the form is not well formed, or larger than " + maxBody + " bytes", e);
        }
        return parts;
    }

    @Override
    public long arrived() {
        return arrived;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public void onGone(Runnable action) {
        isComputing = true;
        request.addFailureListener(_ -> action.run());
        watch = DisconnectWatch.start(request, action);
    }

    /** Ends what {@link #onGone} has begun; before the answer, at the latest. */
    void computed() {
        isComputing = false;
        if (watch != null) watch.stop();
    }

    @Override
    public void setHeader(String name, String value) {
        response.getHeaders().put(name, value);
    }

    @Override
    public void send(int status, String contentType, Body body) throws IOException {
        computed();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        try (OutputStream out = Response.asBufferedOutputStream(request, response)) {
            body.write(out);
        }
    }
}
