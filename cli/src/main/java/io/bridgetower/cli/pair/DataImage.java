package io.bridgetower.cli.pair;

import io.bridgetower.engine.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * An image that is part of a page.
 *
 * @param uri a data URI that holds it as PNG
 */
record DataImage(String uri, int width, int height) {
    /** @param bytes [1, 3, height, width], from 0 to 255 */
    static DataImage of(Tensor bytes) throws IOException {
        int height = bytes.dim(2), width = bytes.dim(3), size = height * width;
        float[] values = bytes.toArray();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < size; i++) {
            int red = (int) values[i], green = (int) values[size + i], blue = (int) values[2 * size + i];
            image.setRGB(i % width, i / width, red << 16 | green << 8 | blue);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // On its own stream, ImageIO would go by way of a temporary file.
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            ImageIO.write(image, "png", out);
        }
        String base64 = Base64.getEncoder().encodeToString(png.toByteArray());
        return new DataImage("data:image/png;base64," + base64, width, height);
    }
}
