package io.bridgetower.tests;

import io.bridgetower.BridgeTower;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.VectorWidth;
import io.bridgetower.engine.peak.Peak;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.BridgeTowerTextModel;
import io.bridgetower.model.BridgeTowerVisionModel;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Uses a class of the library, then all others, and prints what each throws. */
final class MissingModuleRun {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    private static final Path MODEL = ROOT.resolve("models/demo");

    /** What a program may touch first. */
    enum First {
        TENSOR(() -> Tensor.allocate(1)),
        TENSOR_IN_ARENA(() -> Tensor.allocate(Arena.ofAuto(), 1)),
        VECTOR_WIDTH(VectorWidth::bits),
        PEAK(() -> Peak.measure(1)),
        BRIDGE_TOWER(() -> BridgeTower.load(MODEL)),
        MODEL_LOAD(() -> BridgeTowerModel.load(MODEL)),
        MATCHING(() -> BridgeTowerForImageAndTextRetrieval.load(MODEL)),
        MASKED_LM(() -> BridgeTowerForMaskedLM.load(MODEL)),
        CONTRASTIVE(() -> BridgeTowerForContrastiveLearning.load(MODEL)),
        TEXT_MODEL(() -> BridgeTowerTextModel.load(MODEL)),
        VISION_MODEL(() -> BridgeTowerVisionModel.load(MODEL)),
        PROCESSOR(() -> BridgeTowerProcessor.load(MODEL)),
        IMAGE_PROCESSOR(() -> new ImageProcessor(ImageProcessorConfig.DEFAULT)),
        IMAGE(() -> ImageCodec.read(ROOT.resolve("examples/01.png")));

        private final Use use;

        First(Use use) {
            this.use = use;
        }
    }

    @FunctionalInterface
    private interface Use {
        Object use() throws Exception;
    }

    private MissingModuleRun() {}

    /** @param args what to use first */
    public static void main(String[] args) {
        List<First> order = Arrays.asList(First.values());
        Collections.swap(order, 0, First.valueOf(args[0]).ordinal());
        for (First each : order) System.out.println(each + ": " + outcome(each.use));
    }

    private static String outcome(Use use) {
        try {
            use.use();
            return "works";
        } catch (Throwable e) {
            return e.toString();
        }
    }
}
