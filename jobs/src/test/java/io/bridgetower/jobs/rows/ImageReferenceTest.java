package io.bridgetower.jobs.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.bridgetower.jobs.Demo;
import io.bridgetower.jobs.scoring.ImageName;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    @TempDir
    private Path directory;

    private byte[] file;

    @BeforeEach
    void write() throws IOException {
        file = Files.readAllBytes(Demo.EXAMPLES.resolve("01.png"));
        Files.write(Files.createDirectories(directory.resolve("a b")).resolve("ä+1.png"), file);
    }

    @Test
    void filesAreFoundByPathsAndUrls() throws IOException {
        Path path = directory.resolve("a b/ä+1.png");
        assertReads("a b/ä+1.png");
        assertReads(path.toString());
        assertReads("a b\\ä+1.png");
        assertReads(".\\a b\\ä+1.png");
        assertReads(path.toUri().toString());
        assertReads(path.toUri().toASCIIString());
        assertReads("FILE://localhost" + path.toUri().getRawPath());
        assertReads("file:" + path.toUri().getRawPath());
        assertReads("file://" + path.toUri().getPath());
        assertReads("file:a%20b/ä+1.png");
        assertReads("file:a b/ä+1.png");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a backslash separates names")
    void aNameMayContainABackslashWhereTheSystemAllowsIt() throws IOException {
        Files.write(directory.resolve("a\\b.png"), file);
        assertReads("a\\b.png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b\\ä+1.png",
                "a b/ä+1.png",
                "C:\\images\\a b\\ä+1.png",
                "C:/images/a b/ä+1.png",
                "c:/images/a b/ä+1.png",
                "file:///C:/images/a b/ä+1.png",
                "file://localhost/C:/images/a b/ä+1.png",
                "file:a b/ä+1.png",
                "\\\\host\\share\\1.png"
            })
    void pathsOfWindowsAreFoundThere(String reference) throws IOException {
        Configuration shares = Configuration.windows().toBuilder()
                .setRoots("C:\\", "\\\\host\\share\\")
                .build();
        try (FileSystem windows = Jimfs.newFileSystem(shares)) {
            Path root = windows.getPath("C:\\images");
            Files.write(Files.createDirectories(root.resolve("a b")).resolve("ä+1.png"), file);
            Files.write(windows.getPath("\\\\host\\share\\1.png"), file);
            assertArrayEquals(
                    ImageCodec.decode(file, "a").rgb(),
                    ImageReference.read(reference, root, ImageReadOptions.DEFAULT)
                            .rgb());
        }
    }

    @Test
    void dataUrisHoldTheirImage() throws IOException {
        String base64 = Base64.getEncoder().encodeToString(file);
        assertReads("data:image/png;base64," + base64);
        assertReads("data:;base64," + base64.replace("=", ""));
        assertReads("DATA:image/png;charset=x;BASE64," + Base64.getMimeEncoder().encodeToString(file));
        assertReads("data:image/png;base64," + Base64.getUrlEncoder().encodeToString(file));
        assertReads("data:image/png;base64," + URLEncoder.encode(base64, StandardCharsets.UTF_8));
        StringBuilder escaped = new StringBuilder("data:,");
        for (byte b : file)
            escaped.append('%').append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        assertReads(escaped.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        none\\1.png            | none/1.png
        none/1.png             | none/1.png
        a b                    | a b
        https://x.org/1.png    | https://x.org/1.png: expected a file or a data URI
        s3://bucket/1.png      | s3://bucket/1.png: expected a file or a data URI
        file://01.png          | file://01.png: expected a local file
        file://host/01.png     | file://host/01.png: expected a local file
        file:///none.png       | none.png
        data:image/png;base64  | data:image/png;base64: expected data:
        data:;base64,#         | data:;base64,#: not valid Base64
        data:;base64,AAAA      | not an image
        data:,                 | not an image
        """)
    void whatIsNoImageIsNamed(String reference, String message) {
        var refused = assertThrows(IOException.class, () -> read(reference));
        assertTrue(refused.getMessage().contains(message), refused.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "data:image/png;base64,", "https://"})
    void longOnesAreNotQuoted(String scheme) {
        String reference = scheme + "A".repeat(1 << 20);
        var refused = assertThrows(IOException.class, () -> read(reference));
        assertTrue(
                refused.getMessage().length() < 200,
                () -> "found " + refused.getMessage().length() + " characters");
        assertFalse(ImageName.of(reference).length() > 100);
        assertFalse(ImageName.of(reference).equals(ImageName.of(reference + "A")));
    }

    private void assertReads(String reference) throws IOException {
        assertArrayEquals(ImageCodec.decode(file, "a").rgb(), read(reference).rgb(), reference);
    }

    private RgbImage read(String reference) throws IOException {
        return ImageSource.below(directory, ImageReadOptions.DEFAULT).read(reference);
    }
}
