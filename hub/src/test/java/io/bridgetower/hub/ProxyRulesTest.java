package io.bridgetower.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy an environment means, by the rules of curl and requests. */
class ProxyRulesTest {
    private static final URI HUB = URI.create("https://huggingface.co/org/model");

    @Test
    void eachSchemeHasItsOwnProxyOrThatOfAll() throws HubException {
        var environment =
                Map.of("HTTPS_PROXY", "http://secure:1", "HTTP_PROXY", "http://plain:2", "ALL_PROXY", "all:3");
        assertEquals("secure:1", route(environment, HUB));
        assertEquals("plain:2", route(environment, URI.create("http://mirror/")));
        assertEquals("all:3", route(Map.of("ALL_PROXY", "all:3"), HUB));
        assertEquals("all:3", route(Map.of("all_proxy", "all:3", "HTTP_PROXY", "plain:2"), HUB));
        assertEquals("direct", route(Map.of("HTTP_PROXY", "http://plain:2"), HUB));
        assertEquals("direct", route(Map.of(), HUB));
    }

    @Test
    void lowerCaseGoesFirst() throws HubException {
        assertEquals("lower:1", route(Map.of("https_proxy", "lower:1", "HTTPS_PROXY", "upper:2"), HUB));
        assertEquals("direct", route(Map.of("https_proxy", "", "HTTPS_PROXY", "upper:2"), HUB));
        assertEquals("direct", route(Map.of("HTTPS_PROXY", "p:1", "no_proxy", "*", "NO_PROXY", "x"), HUB));
    }

    /** Where a web server starts the program, HTTP_PROXY is the header Proxy of the request. */
    @Test
    void aClientOfAWebServerSetsNoProxy() throws HubException {
        URI mirror = URI.create("http://mirror/");
        assertEquals("direct", route(Map.of("REQUEST_METHOD", "GET", "HTTP_PROXY", "evil:1"), mirror));
        assertEquals("own:2", route(Map.of("REQUEST_METHOD", "GET", "http_proxy", "own:2"), mirror));
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy:3128, proxy, 3128,",
        "http://proxy, proxy, 80,",
        "HTTP://proxy/, proxy, 80,",
        "proxy:3128, proxy, 3128,",
        "10.0.0.1:8080, 10.0.0.1, 8080,",
        "http://[fd00::1]:8080/, [fd00::1], 8080,",
        "http://user:secret@proxy:3128, proxy, 3128, user:secret",
        "http://user:p%40ss%3Aw+rd@proxy:3128, proxy, 3128, user:p@ss:w+rd",
        "http://user:p@ss@proxy:3128, proxy, 3128, user:p@ss",
        "user:100%@proxy:3128, proxy, 3128, user:100%",
    })
    void aProxyIsWrittenInSeveralWays(String text, String host, int port, String user) {
        assertEquals(new ProxyServer(host, port, user), ProxyServer.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"socks5://u:secret@proxy:1080", "https://u:secret@proxy:443", "u:secret@proxy:99999", "u:secret@"
            })
    void otherProxiesAreRefusedWithoutShowingThePassword(String text) {
        String found = assertThrows(HubException.class, () -> route(Map.of("HTTPS_PROXY", text), HUB))
                .getMessage();
        assertTrue(found.startsWith("HTTPS_PROXY or ALL_PROXY: found "), found);
        assertFalse(found.contains("secret"), found);
    }

    @ParameterizedTest
    @CsvSource({
        "https://huggingface.co/, huggingface.co",
        "https://huggingface.co/, HuggingFace.co",
        "https://huggingface.co./, huggingface.co",
        "https://cdn.huggingface.co/, huggingface.co",
        "https://cdn.huggingface.co/, .huggingface.co",
        "https://cdn.huggingface.co/, *.huggingface.co",
        "https://huggingface.co/, .huggingface.co",
        "https://huggingface.co/, 'localhost, 127.0.0.1,huggingface.co'",
        "https://huggingface.co/, localhost huggingface.co",
        "https://huggingface.co/, huggingface.co:443",
        "http://mirror:8080/, mirror:8080",
        "http://x.mirror:8080/, .mirror:8080",
        "https://huggingface.co/, 'x,*'",
        "http://10.1.2.3/, 10.1.2.3",
        "http://10.1.2.3:99/, 10.1.2.3:99",
        "http://10.1.2.3/, 10.1.0.0/16",
        "http://10.1.2.3/, 10.1.2.2/31",
        "http://10.1.2.3/, 0.0.0.0/0",
        "http://[fd00::1]/, fd00::1",
        "http://[fd00::1]/, [fd00::1]",
        "http://[fd00::1]:99/, [fd00::1]:99",
        "http://[fd00::1]/, fd00::/8",
    })
    void exceptionsAreReachedDirectly(URI address, String exceptions) throws HubException {
        assertEquals("direct", route(Map.of("ALL_PROXY", "proxy:1", "NO_PROXY", exceptions), address));
    }

    @ParameterizedTest
    @CsvSource({
        "https://huggingface.co/, ''",
        "https://huggingface.co/, 'face.co'",
        "https://huggingface.co/, cdn.huggingface.co",
        "https://huggingface.co/, huggingface.com",
        "https://huggingface.co/, huggingface.co:80",
        "https://huggingface.co/, '.,,'",
        "http://10.1.2.3/, 10.1.2.4",
        "http://10.1.2.3/, 1.2.3",
        "http://10.1.2.3/, 10.1.2.4/31",
        "http://10.1.2.3/, 10.1.0.0/x",
        "http://10.1.2.3/, 10.1.0.0/99",
        "http://10.1.2.3/, fd00::/8",
        "http://[fd00::1]/, fd00::2",
    })
    void nothingElseIs(URI address, String exceptions) throws HubException {
        assertEquals("proxy:1", route(Map.of("ALL_PROXY", "proxy:1", "NO_PROXY", exceptions), address));
    }

    @Test
    void settingsDoNotShowPasswords() {
        ProxySettings settings = ProxySettings.of(Map.of("ALL_PROXY", "http://user:secret@proxy:1"));
        assertFalse(settings.toString().contains("secret"), settings.toString());
        ProxyServer server = ProxyServer.of(settings.https());
        assertFalse(server.toString().contains("secret"), server.toString());
        assertEquals("Basic dXNlcjpzZWNyZXQ=", server.authorization());
        assertNull(ProxyServer.of("proxy:1").authorization());
    }

    private static String route(Map<String, String> environment, URI address) throws HubException {
        ProxyServer server = new ProxyRoutes(ProxySettings.of(environment)).server(address);
        return server == null ? "direct" : server.toString();
    }
}
