package io.bridgetower.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
    @TempDir
    private Path home;

    @Test
    void withoutVariablesEverythingHasItsDefault() {
        HubSettings settings = HubSettings.of(Map.of(), home);
        assertEquals(URI.create("https://huggingface.co"), settings.endpoint());
        assertEquals(home.resolve(".cache/huggingface/hub"), settings.cache());
        assertNull(settings.token());
        assertFalse(settings.offline());
    }

    @Test
    void theCacheIsWhereThePythonLibrariesLookForIt() {
        assertEquals(Path.of("/x/huggingface/hub"), cache(Map.of("XDG_CACHE_HOME", "/x")));
        assertEquals(Path.of("/h/hub"), cache(Map.of("HF_HOME", "/h", "XDG_CACHE_HOME", "/x")));
        assertEquals(Path.of("/c"), cache(Map.of("HF_HUB_CACHE", "/c", "HF_HOME", "/h")));
        assertEquals(Path.of("/old"), cache(Map.of("HUGGINGFACE_HUB_CACHE", "/old")));
        assertEquals(home.resolve("models/hub"), cache(Map.of("HF_HOME", "~/models", "HF_HUB_CACHE", " ")));
    }

    @Test
    void offlineIsWrittenInSeveralWays() {
        for (String yes : new String[] {"1", "on", "YES", "True"}) {
            assertTrue(HubSettings.of(Map.of("HF_HUB_OFFLINE", yes), home).offline(), yes);
        }
        assertTrue(HubSettings.of(Map.of("TRANSFORMERS_OFFLINE", "1"), home).offline());
        assertFalse(HubSettings.of(Map.of("HF_HUB_OFFLINE", "0", "TRANSFORMERS_OFFLINE", "1"), home)
                .offline());
    }

    @Test
    void theTokenIsGivenOrStoredAndNeverShown() throws IOException {
        Path stored = home.resolve(".cache/huggingface/token");
        Files.createDirectories(stored.getParent());
        Files.writeString(stored, "hf_stored\n");
        assertEquals("hf_stored", HubSettings.of(Map.of(), home).token());
        HubSettings given = HubSettings.of(Map.of("HF_TOKEN", "hf_given"), home);
        assertEquals("hf_given", given.token());
        assertFalse(given.toString().contains("hf_given"));
        String complaint = assertThrows(
                        IllegalArgumentException.class, () -> HubSettings.of(Map.of("HF_TOKEN", "hf\nsecret"), home))
                .getMessage();
        assertFalse(complaint.contains("secret"), complaint);
    }

    @Test
    void anEndpointIsAWebAddress() {
        assertEquals(
                URI.create("http://localhost:8080/hub"),
                HubSettings.of(Map.of("HF_ENDPOINT", "http://localhost:8080/hub/"), home)
                        .endpoint());
        for (String bad : new String[] {"file:///etc", "huggingface.co", "::"}) {
            assertThrows(IllegalArgumentException.class, () -> HubSettings.of(Map.of("HF_ENDPOINT", bad), home));
        }
    }

    private Path cache(Map<String, String> environment) {
        return HubSettings.of(environment, home).cache();
    }
}
