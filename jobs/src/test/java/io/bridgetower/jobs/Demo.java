package io.bridgetower.jobs;

import io.bridgetower.model.ModelOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** The demo model and images for it. */
public final class Demo {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    static final Path MODEL = ROOT.resolve("models/demo");
    public static final Path EXAMPLES = ROOT.resolve("examples");
    private static final int SIDE = 96;

    private Demo() {}

    static ScoringJob job(JobOptions options) throws IOException {
        return ScoringJob.load(MODEL, new ModelOptions(2), options);
    }

    /** An image of noise for every name; none for those that begin with "no". */
    static RgbImage noise(String name) throws IOException {
        if (name.startsWith("no")) throw new IOException(name + ": there is none");
        byte[] rgb = new byte[SIDE * SIDE * 3];
        new Random(name.hashCode()).nextBytes(rgb);
        return RgbImage.of(SIDE, SIDE, rgb);
    }
}
