package io.bridgetower.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where models come from and where they are kept, as Hugging Face's own libraries understand the environment.
 *
 * @param endpoint the server
 * @param cache the directory of the cache; need not exist
 * @param token sent to the endpoint and to no other server; null for none
 * @param offline whether to ask no server at all
 * @param etagTimeout how long to wait for the answer to a question about a file
 * @param downloadTimeout how long to wait for the next bytes of a download
 * @param proxies the proxies to use, unless system properties of Java name one
 */
public record HubSettings(
        URI endpoint,
        Path cache,
        String token,
        boolean offline,
        Duration etagTimeout,
        Duration downloadTimeout,
        ProxySettings proxies) {
    private static final String ENDPOINT = "https://huggingface.co";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)})");

    /**
     * Checks that the endpoint is a web address, the token one that can be sent, and the timeouts positive.
     *
     * @throws IllegalArgumentException if one of them is not
     */
    public HubSettings {
        boolean web = "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
        if (!web || endpoint.getHost() == null) {
            throw new IllegalArgumentException("HF_ENDPOINT: found " + endpoint + ", expected a web address");
        }
        if (token != null && token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("HF_TOKEN: holds characters that no token has");
        }
        checkPositive("HF_HUB_ETAG_TIMEOUT", etagTimeout);
        checkPositive("HF_HUB_DOWNLOAD_TIMEOUT", downloadTimeout);
    }

    /** Settings with timeouts of 10 seconds and no proxies but those of Java's system properties. */
    public HubSettings(URI endpoint, Path cache, String token, boolean offline) {
        this(endpoint, cache, token, offline, TIMEOUT, TIMEOUT, ProxySettings.NONE);
    }

    /**
     * The settings of this process.
     *
     * @throws IllegalArgumentException if a variable of the environment has a value that cannot be used
     */
    public static HubSettings ofEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * The settings that an environment makes. The cache is {@code HF_HUB_CACHE}, else {@code HUGGINGFACE_HUB_CACHE}, else
     * {@code hub} in {@code HF_HOME}, which is {@code huggingface} in {@code XDG_CACHE_HOME} or in {@code ~/.cache}. The
     * token is {@code HF_TOKEN}, else {@code HUGGING_FACE_HUB_TOKEN}, else the content of {@code HF_TOKEN_PATH}, by default
     * {@code token} in {@code HF_HOME}; {@code HF_HUB_DISABLE_IMPLICIT_TOKEN} keeps all of them from being sent.
     * {@code HF_ENDPOINT} is the server, {@code HF_HUB_OFFLINE} or {@code TRANSFORMERS_OFFLINE} forbids to ask it, and
     * {@code HF_HUB_ETAG_TIMEOUT} and {@code HF_HUB_DOWNLOAD_TIMEOUT} are seconds, 10 by default. Proxies are those of
     * {@link ProxySettings#of}.
     *
     * <p>A leading {@code ~} in a path is the user's home, {@code HOME} or on Windows {@code USERPROFILE}; variables
     * written as {@code $NAME} or <code>${NAME}</code> are replaced where they are set. A blank value counts as none.
     *
     * @param home directory of the user where the environment names none
     * @throws IllegalArgumentException if a variable has a value that cannot be used
     */
    public static HubSettings of(Map<String, String> environment, Path home) {
        Variables variables = new Variables(environment, home);
        String caches = variables.or("XDG_CACHE_HOME", "~/.cache");
        Path own = variables.path("HF_HOME", caches + "/huggingface");
        Path cache = variables.path("HF_HUB_CACHE", variables.or("HUGGINGFACE_HUB_CACHE", own + "/hub"));
        Path stored = variables.path("HF_TOKEN_PATH", own + "/token");
        return new HubSettings(
                address(variables.or("HF_ENDPOINT", ENDPOINT).strip()),
                cache,
                isYes(variables.value("HF_HUB_DISABLE_IMPLICIT_TOKEN")) ? null : token(variables, stored),
                isYes(variables.or("HF_HUB_OFFLINE", variables.value("TRANSFORMERS_OFFLINE"))),
                variables.seconds("HF_HUB_ETAG_TIMEOUT"),
                variables.seconds("HF_HUB_DOWNLOAD_TIMEOUT"),
                ProxySettings.of(environment));
    }

    /** Does not show the token, nor the proxies, which may hold a password. */
    @Override
    public String toString() {
        return endpoint + ", cache " + cache + (token == null ? "" : ", with a token") + (offline ? ", offline" : "");
    }

    private static void checkPositive(String name, Duration timeout) {
        if (timeout.isPositive()) return;
        throw new IllegalArgumentException(name + ": found " + timeout.toSeconds() + ", expected a positive number");
    }

    private static URI address(String endpoint) {
        try {
            return URI.create(endpoint.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("HF_ENDPOINT: found " + endpoint + ", expected a web address", e);
        }
    }

    private static String token(Variables variables, Path stored) {
        String token = variables.or("HF_TOKEN", variables.value("HUGGING_FACE_HUB_TOKEN"));
        if (token == null) token = content(stored);
        token = token.replaceAll("[\r\n]", "").strip();
        return token.isEmpty() ? null : token;
    }

    private static String content(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean isYes(String value) {
        return value != null && YES.contains(value.strip().toUpperCase(Locale.ROOT));
    }

    /** The environment, read by the rules of Python's {@code os.path}. */
    private record Variables(Map<String, String> environment, Path passwdHome) {
        /** A value, or null where there is none or a blank one. */
        String value(String name) {
            String value = environment.get(name);
            return value == null || value.isBlank() ? null : value;
        }

        String or(String name, String otherwise) {
            String value = value(name);
            return value == null ? otherwise : value;
        }

        Path path(String name, String otherwise) {
            String path = or(name, otherwise);
            boolean ofUser = path.equals("~") || path.startsWith("~/") || path.startsWith("~\\");
            String absolute = ofUser ? home() + path.substring(1) : path;
            Matcher references = VARIABLE.matcher(absolute);
            return Path.of(references.replaceAll(found -> {
                String reference = found.group(1) == null ? found.group(2) : found.group(1);
                return Matcher.quoteReplacement(environment.getOrDefault(reference, found.group()));
            }));
        }

        /** Whole seconds; 0 stands for the default, as in Python. */
        Duration seconds(String name) {
            String value = or(name, "0").strip();
            try {
                int seconds = Integer.parseInt(value);
                return seconds == 0 ? TIMEOUT : Duration.ofSeconds(seconds);
            } catch (NumberFormatException e) {
                String message = name + ": found " + value + ", expected a whole number of seconds";
                throw new IllegalArgumentException(message, e);
            }
        }

        private String home() {
            return or(
                    Path.of("").getFileSystem().getSeparator().equals("\\") ? "USERPROFILE" : "HOME", "" + passwdHome);
        }
    }
}
