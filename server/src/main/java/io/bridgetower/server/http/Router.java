package io.bridgetower.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the route of a request. Immutable. */
public final class Router {
    /** @param segments of its path */
    private record Pattern(Route route, List<String> segments) {}

    private final List<Pattern> patterns;

    /** @param routes of which no two have the same method and path */
    public Router(List<Route> routes) {
        patterns = routes.stream()
                .map(route -> new Pattern(route, segments(route.path())))
                .toList();
    }

    /**
     * A route and what its variables stand for.
     *
     * @param values by name
     */
    record Found(Route route, Map<String, String> values) {}

    /**
     * The route of a request.
     *
     * @throws HttpError if there is none
     */
    Found find(String method, String path) {
        List<String> segments = segments(path);
        TreeSet<String> methods = new TreeSet<>();
        for (Pattern pattern : patterns) {
            Map<String, String> values = match(pattern.segments(), segments);
            if (values == null) continue;
            Route route = pattern.route();
            if (route.method().equals(method) || route.method().equals("GET") && method.equals("HEAD")) {
                return new Found(route, values);
            }
            methods.add(route.method());
        }
        if (methods.isEmpty()) throw HttpError.of(HttpError.Kind.NOT_FOUND, "there is no such path");
        throw HttpError.of(HttpError.Kind.METHOD, "expected " + String.join(" or ", methods));
    }

    /** The values of a pattern's variables; null if the path is another. */
    private static Map<String, String> match(List<String> expected, List<String> found) {
        if (expected.size() != found.size()) return null;
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < expected.size(); i++) {
            String segment = expected.get(i);
            if (segment.startsWith("{")) values.put(segment.substring(1, segment.length() - 1), found.get(i));
            else if (!segment.equals(found.get(i))) return null;
        }
        return values;
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        int start = 1;
        for (int i = 1; i <= path.length(); i++) {
            if (i < path.length() && path.charAt(i) != '/') continue;
            segments.add(path.substring(Math.min(start, path.length()), i));
            start = i + 1;
        }
        return segments;
    }
}
