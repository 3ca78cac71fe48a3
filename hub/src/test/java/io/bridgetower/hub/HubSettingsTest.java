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
import java.time.Duration;
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
                        IllegalArgumentException.class, () -> HubSettings.of(Map.of("HF_TOKEN", "hf secret"), home))
                .getMessage();
        assertFalse(complaint.contains("secret"), complaint);
        assertEquals(
                "hf_given",
                HubSettings.of(Map.of("HF_TOKEN", " hf_\r\ngiven\n"), home).token());
        assertEquals(
                "hf_older",
                HubSettings.of(Map.of("HUGGING_FACE_HUB_TOKEN", "hf_older"), home)
                        .token());
        Path elsewhere = Files.writeString(home.resolve("elsewhere"), "hf_elsewhere");
        assertEquals(
                "hf_elsewhere",
                HubSettings.of(Map.of("HF_TOKEN_PATH", elsewhere.toString()), home)
                        .token());
        assertNull(HubSettings.of(Map.of("HF_TOKEN", "hf_given", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), home)
                .token());
    }

    @Test
    void theHomeOfTheEnvironmentGoesBeforeThatOfTheSystem() throws IOException {
        assertEquals(Path.of("/e/.cache/huggingface/hub"), cache(Map.of("HOME", "/e")));
        assertEquals(Path.of("/e/models/hub"), cache(Map.of("HOME", "/e", "HF_HOME", "~/models")));
        assertEquals(home.resolve(".cache/huggingface/hub"), cache(Map.of("HOME", "")));
        Path stored = Files.createDirectories(home.resolve("of user/.cache/huggingface"))
                .resolve("token");
        Files.writeString(stored, "hf_of_user");
        assertEquals(
                "hf_of_user",
                HubSettings.of(Map.of("HOME", home.resolve("of user").toString()), home)
                        .token());
    }

    /** The rules of Python's os.path.expandvars. */
    @Test
    void variablesInPathsAreReplaced() {
        Map<String, String> environment =
                Map.of("SCRATCH", "/scratch/$USER", "HF_HUB_CACHE", "$SCRATCH/${SCRATCH}/$NONE");
        assertEquals(Path.of("/scratch/$USER/scratch/$USER/$NONE"), cache(environment));
        assertEquals(Path.of("/s/x/hub"), cache(Map.of("S", "/s", "HF_HOME", "$S/x")));
    }

    @Test
    void timeoutsAreWholeSeconds() {
        HubSettings settings = HubSettings.of(Map.of("HF_HUB_ETAG_TIMEOUT", "3", "HF_HUB_DOWNLOAD_TIMEOUT", "0"), home);
        assertEquals(Duration.ofSeconds(3), settings.etagTimeout());
        assertEquals(Duration.ofSeconds(10), settings.downloadTimeout());
        for (String bad : new String[] {"-1", "1.5", "soon"}) {
            String complaint = assertThrows(
                            IllegalArgumentException.class,
                            () -> HubSettings.of(Map.of("HF_HUB_ETAG_TIMEOUT", bad), home))
                    .getMessage();
            assertTrue(complaint.startsWith("HF_HUB_ETAG_TIMEOUT: found " + bad + ", expected"), complaint);
        }
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
