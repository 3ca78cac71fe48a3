package io.bridgetower.hub;

import io.bridgetower.hub.HubException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** One model on the server. */
final class RemoteRepository {
    /** Becomes a file's name in the cache. */
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}");

    private final HubSettings settings;
    private final RepositoryName name;
    private final HubConnection connection;
    private final Retries retries;

    RemoteRepository(HubSettings settings, RepositoryName name, HubConnection connection, Retries retries) {
        this.settings = settings;
        this.name = name;
        this.connection = connection;
        this.retries = retries;
    }

    /**
     * What the server says about a file, or null if the revision has none of that name.
     *
     * @throws HubException if there is no such model or revision, or the server does not say
     */
    RemoteFile find(String revision, String file) throws IOException {
        URI address = address(revision, file);
        HttpResponse<Void> response = retries.run(address.toString(), () -> {
            HttpResponse<Void> answer = connection.head(address);
            HubConnection.checkPassing(answer);
            return answer;
        });
        int status = response.statusCode();
        if (status == 404 && isMissingFile(response.headers())) return null;
        if (status >= 400) throw refusal(status, response.headers(), revision);
        return described(address, file, response.headers(), status == 200);
    }

    private URI address(String revision, String file) {
        return URI.create(
                settings.endpoint() + "/" + name.name() + "/resolve/" + encoded(revision) + "/" + encoded(file));
    }

    /** A server that does not say why is taken to mean the file. */
    private static boolean isMissingFile(HttpHeaders headers) {
        String code = headers.firstValue("X-Error-Code").orElse("EntryNotFound");
        return code.equals("EntryNotFound");
    }

    private HubException refusal(int status, HttpHeaders headers, String revision) {
        String code = headers.firstValue("X-Error-Code").orElse("");
        String which = name.name() + ": ";
        if (code.equals("RevisionNotFound")) {
            return new HubException(
                    Kind.NOT_FOUND, which + "there is no revision " + revision + " on " + settings.endpoint());
        }
        if (code.equals("GatedRepo") || status == 403) {
            return new HubException(
                    Kind.REFUSED,
                    which + "may be read only by those who were granted access on " + settings.endpoint() + "/"
                            + name.name() + "; " + tokenAdvice());
        }
        if (status == 401 || status == 404) {
            // The Hub does not tell strangers whether a private model exists.
            return new HubException(
                    status == 401 ? Kind.REFUSED : Kind.NOT_FOUND,
                    which + "there is no such model on " + settings.endpoint() + ", or it is private; "
                            + tokenAdvice());
        }
        return new HubException(Kind.FAILED, which + settings.endpoint() + " answers " + status);
    }

    private String tokenAdvice() {
        return settings.token() == null
                ? "if it is private, set HF_TOKEN to a token that may read it"
                : "the token of HF_TOKEN, or the stored one, may not read it or has expired";
    }

    /** @param whole whether the headers are those of the file itself, not of a redirect to it */
    private RemoteFile described(URI address, String file, HttpHeaders headers, boolean whole) throws HubException {
        String etag = headers.firstValue("X-Linked-Etag")
                .or(() -> headers.firstValue("ETag"))
                .orElse("");
        etag = etag.replaceFirst("^W/", "").replaceAll("^\"|\"$", "");
        String commit = headers.firstValue("X-Repo-Commit").orElse("");
        if (!RepositoryName.isCommit(commit) || !ETAG.matcher(etag).matches()) {
            throw new HubException(
                    Kind.FAILED, address + ": the answer has no commit and ETag as the Hub gives them; is it the Hub?");
        }
        long size = headers.firstValue("X-Linked-Size")
                .or(() -> whole ? headers.firstValue("Content-Length") : Optional.empty())
                .filter(value -> value.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(-1L);
        return new RemoteFile(file, address, commit, etag, size);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
