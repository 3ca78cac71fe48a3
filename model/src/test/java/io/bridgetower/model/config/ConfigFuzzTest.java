package io.bridgetower.model.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a config.json says, it is a configuration that survives a journey, or refused by the one exception. */
class ConfigFuzzTest {
    static Stream<byte[]> seeds() throws IOException {
        return Stream.of(
                        "{}",
                        BridgeTowerConfig.base().toJson(),
                        BridgeTowerConfig.large().toJson(),
                        "{\"text_config\": null, \"vision_config\": {\"hidden_size\": 64, \"image_size\": 32}}",
                        "{\"text_config_dict\": {\"hidden_size\": 96}, \"hidden_size\": 96}",
                        "{\"layer_norm_eps\": 1e-400, \"x\": [1, [2.5, null], \"\\ud83d\\ude00\\n\"]}",
                        "{\"hidden_size\": NaN}",
                        "{\"unknown\": -1e400}",
                        "{\"a\":" + "[".repeat(100))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void config(byte[] bytes) throws IOException {
        BridgeTowerConfig config;
        try {
            config = BridgeTowerConfig.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (MalformedFileException e) {
            return;
        }
        String json = config.toJson();
        if (!json.equals(BridgeTowerConfig.parse(json).toJson())) throw new AssertionError(json);
    }
}
