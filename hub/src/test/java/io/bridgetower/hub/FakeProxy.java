package io.bridgetower.hub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy on this machine. Whatever host is asked for, it forwards to one server; it opens no tunnels, but notes
 * what is asked of it.
 */
final class FakeProxy implements AutoCloseable {
    /** First lines of requests. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** What it demands as {@code Proxy-Authorization}; null for nothing. */
    volatile String demanded;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI target;

    FakeProxy(URI target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve() {
        while (true) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> answer(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    /** One request, after which the connection ends. */
    private void answer(Socket client) {
        try (client) {
            List<String> head = head(new BufferedInputStream(client.getInputStream()));
            requests.add(head.getFirst());
            OutputStream out = client.getOutputStream();
            String authorization = null;
            for (String line : head) {
                if (line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization: ")) {
                    authorization = line.substring(line.indexOf(' ') + 1);
                }
            }
            if (demanded != null && !demanded.equals(authorization)) {
                out.write(
                        bytes("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                                + "Content-Length: 0\r\nConnection: close\r\n\r\n"));
            } else if (head.getFirst().startsWith("CONNECT ")) {
                out.write(bytes("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            } else {
                forward(head, out);
            }
            out.flush();
        } catch (IOException e) {
            // The client sees that the connection ends.
        }
    }

    private void forward(List<String> head, OutputStream out) throws IOException {
        String[] request = head.getFirst().split(" ");
        StringBuilder text =
                new StringBuilder(request[0] + " " + URI.create(request[1]).getRawPath() + " HTTP/1.1\r\n");
        for (String line : head.subList(1, head.size())) {
            String name = line.toLowerCase(Locale.ROOT);
            if (!name.startsWith("connection:") && !name.startsWith("proxy-"))
                text.append(line).append("\r\n");
        }
        text.append("Connection: close\r\n\r\n");
        try (Socket hub = new Socket(target.getHost(), target.getPort())) {
            hub.getOutputStream().write(bytes(text.toString()));
            hub.getInputStream().transferTo(out);
        }
    }

    /** The lines before the first empty one. */
    private static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n' && line.isEmpty()) return lines;
            if (c == '\n') {
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
        throw new IOException("the request ends before its body");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
