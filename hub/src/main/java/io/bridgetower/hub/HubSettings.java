package io.bridgetower.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where models come from and where they are kept, as Hugging Face's own libraries understand the environment.
 *
 * @param endpoint the server
 * @param cache the directory of the cache; need not exist
 * @param token sent to the endpoint and to no other server; null for none
 * @param offline whether to ask no server at all
 */
public record HubSettings(URI endpoint, Path cache, String token, boolean offline) {
    private static final String ENDPOINT = "https://huggingface.co";
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

    /** Checks that the endpoint is a web address, and the token one that can be sent. */
    public HubSettings {
        boolean web = "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
        if (!web || endpoint.getHost() == null) {
            throw new IllegalArgumentException("HF_ENDPOINT: found " + endpoint + ", expected a web address");
        }
        if (token != null && token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("HF_TOKEN: holds characters that no token has");
        }
    }

    /** The settings of this process. */
    public static HubSettings ofEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * The settings that {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_HUB_OFFLINE}, {@code HF_ENDPOINT} and
     * {@code HF_TOKEN} make, with {@code XDG_CACHE_HOME}, {@code HF_TOKEN_PATH}, {@code TRANSFORMERS_OFFLINE} and the older
     * {@code HUGGINGFACE_HUB_CACHE} and {@code HUGGING_FACE_HUB_TOKEN}.
     *
     * @param home directory of the user
     */
    public static HubSettings of(Map<String, String> environment, Path home) {
        Path caches = path(environment, home, "XDG_CACHE_HOME", home.resolve(".cache"));
        Path own = path(environment, home, "HF_HOME", caches.resolve("huggingface"));
        Path cache = path(environment, home, "HUGGINGFACE_HUB_CACHE", own.resolve("hub"));
        cache = path(environment, home, "HF_HUB_CACHE", cache);
        String offline = value(environment, "HF_HUB_OFFLINE");
        if (offline == null) offline = value(environment, "TRANSFORMERS_OFFLINE");
        String token = value(environment, "HF_TOKEN");
        if (token == null) token = value(environment, "HUGGING_FACE_HUB_TOKEN");
        if (token == null) token = stored(path(environment, home, "HF_TOKEN_PATH", own.resolve("token")));
        String endpoint = value(environment, "HF_ENDPOINT");
        return new HubSettings(address(endpoint == null ? ENDPOINT : endpoint), cache, token, isYes(offline));
    }

    /** Does not show the token. */
    @Override
    public String toString() {
        return endpoint + ", cache " + cache + (token == null ? "" : ", with a token") + (offline ? ", offline" : "");
    }

    private static URI address(String endpoint) {
        try {
            return URI.create(endpoint.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("HF_ENDPOINT: found " + endpoint + ", expected a web address", e);
        }
    }

    private static String value(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static boolean isYes(String value) {
        return value != null && YES.contains(value.toUpperCase(Locale.ROOT));
    }

    private static Path path(Map<String, String> environment, Path home, String name, Path otherwise) {
        String value = value(environment, name);
        if (value == null) return otherwise;
        if (value.equals("~")) return home;
        return value.startsWith("~/") ? home.resolve(value.substring(2)) : Path.of(value);
    }

    private static String stored(Path file) {
        try {
            String token = Files.isRegularFile(file) ? Files.readString(file).strip() : "";
            return token.isEmpty() ? null : token;
        } catch (IOException e) {
            return null;
        }
    }
}
