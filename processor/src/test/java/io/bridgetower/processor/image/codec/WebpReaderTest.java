package io.bridgetower.processor.image.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.PillowPixelsTest;
import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class WebpReaderTest {
    /** As in a servlet container, whose threads have filled the registry before the application is there. */
    @Test
    void webpIsReadWhereTheImageRegistryDoesNotKnowIt() throws IOException {
        String output = new ForkedJvm(Container.class).run();
        assertTrue(output.contains("RgbImage[45 x 37]"), output);
    }

    /** Frames hold no frames; what claims so must not exhaust the stack. */
    @Test
    void nestedFramesAreRefused() {
        ByteBuffer file = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(US_ASCII)).putInt(file.capacity() - 8).put("WEBPVP8X".getBytes(US_ASCII));
        file.putInt(10).putInt(2).put(new byte[6]);
        while (file.remaining() >= 24) {
            file.put("ANMF".getBytes(US_ASCII)).putInt(file.remaining() - 4).put(new byte[16]);
        }
        assertThrows(MalformedFileException.class, () -> ImageCodec.decode(file.array(), "nested.webp"));
    }

    static final class Container {
        private Container() {}

        public static void main(String[] args) throws IOException {
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
            if (ImageIO.getImageReadersByFormatName("webp").hasNext()) throw new AssertionError("found by look-up");
            System.out.println(ImageCodec.read(PillowPixelsTest.file("lossless.webp")));
        }
    }
}
