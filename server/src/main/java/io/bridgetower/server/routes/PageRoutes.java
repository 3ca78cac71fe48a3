package io.bridgetower.server.routes;

import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The page for people, and the description of the routes for programs. */
final class PageRoutes {
    /** Nothing from elsewhere; images from files that the user drops, and from answers. */
    private static final String POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
            + " img-src data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final byte[] page = resource("page.html");
    private final byte[] description = resource("openapi.json");

    List<Route> routes() {
        return List.of(
                Route.open("GET", "/", this::page),
                Route.open(
                        "GET",
                        "/openapi.json",
                        exchange -> exchange.send(200, "application/json", out -> out.write(description))));
    }

    private void page(Exchange exchange) throws IOException {
        exchange.setHeader("Content-Security-Policy", POLICY);
        exchange.setHeader("Referrer-Policy", "no-referrer");
        exchange.send(200, "text/html; charset=utf-8", out -> out.write(page));
    }

    private static byte[] resource(String name) {
        try (InputStream in = PageRoutes.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
