package io.bridgetower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageReferencesTest {
    @TempDir
    private Path directory;

    private byte[] png;
    private Path allowed;

    @BeforeEach
    void writeImages() throws IOException {
        png = Image.of(new BufferedImage(7, 5, BufferedImage.TYPE_INT_RGB)).toPng();
        allowed = Files.createDirectory(directory.resolve("allowed"));
        Files.write(allowed.resolve("in side.png"), png);
        Files.write(directory.resolve("outside.png"), png);
    }

    private static String refusal(ImageReferences images, String reference) {
        return assertThrows(IOException.class, () -> images.read(reference)).getMessage();
    }

    @Test
    void dataIsReadInAllItsForms() throws IOException {
        String base64 = Base64.getEncoder().encodeToString(png);
        String lines = Base64.getMimeEncoder(20, new byte[] {'\r', '\n'}).encodeToString(png);
        for (String reference : new String[] {
            base64,
            lines,
            "data:image/png;base64," + base64,
            "DATA:image/x-any;name=a;BASE64," + base64,
            "data:image/png;base64," + lines
        }) {
            assertEquals(
                    "Image[7 x 5]", ImageReferences.DATA_ONLY.read(reference).toString());
        }
    }

    @Test
    void whatIsNoImageIsRefusedWithItsBeginning() {
        assertEquals(
                "expected data:image/TYPE;base64, found data:text/plain,hello",
                refusal(ImageReferences.DATA_ONLY, "data:text/plain,hello"));
        assertEquals(
                "expected an image as Base64, data URI, file: URI or https address, found ftp://example.org/a.png",
                refusal(ImageReferences.DATA_ONLY, "ftp://example.org/a.png"));
        assertTrue(refusal(ImageReferences.DATA_ONLY, "!" + "x".repeat(100_000)).length() < 300);
        assertTrue(refusal(ImageReferences.DATA_ONLY, "").startsWith("image: "));
    }

    @Test
    void filesAreReadBelowTheDirectoryOnly() throws IOException {
        String inside = allowed.resolve("in side.png").toUri().toString();
        String outside = directory.resolve("outside.png").toUri().toString();
        assertTrue(refusal(ImageReferences.DATA_ONLY, inside).endsWith("unless a directory is allowed"));
        ImageReferences images = ImageReferences.DATA_ONLY.withFiles(allowed);
        assertEquals(7, images.read(inside).width());
        String climbing = allowed.toUri() + "../outside.png";
        for (String reference : new String[] {outside, climbing, outside.replace("outside", "missing")}) {
            assertTrue(refusal(images, reference).endsWith("is not below the directory that is allowed"), reference);
        }
        assertThrows(NoSuchFileException.class, () -> images.read(allowed.toUri() + "missing.png"));
        for (String reference : new String[] {"file:in.png", "file://host/in.png", "file:///a?b"}) {
            assertTrue(refusal(images, reference).startsWith(reference + ": "), reference);
        }
        assertTrue(refusal(images, "file:///in side.png").endsWith("expected a valid URI"));
    }

    @Test
    void linksDoNotLeadOut() throws IOException {
        Path link = allowed.resolve("link.png");
        boolean linked = true;
        try {
            Files.createSymbolicLink(link, directory.resolve("outside.png"));
        } catch (FileSystemException | UnsupportedOperationException e) {
            linked = false;
        }
        assumeTrue(linked, "this system lets the user make no links");
        assertTrue(refusal(
                        ImageReferences.DATA_ONLY.withFiles(allowed),
                        link.toUri().toString())
                .endsWith("is not below the directory that is allowed"));
    }

    @Test
    void addressesFollowThePolicy() {
        assertEquals(
                "https://example.org/a.png: images are not downloaded unless a UrlPolicy allows their host",
                refusal(ImageReferences.DATA_ONLY, "https://example.org/a.png"));
        try (RemoteImages remote = new RemoteImages(UrlPolicy.of(Set.of("images.example.org")))) {
            ImageReferences images = ImageReferences.DATA_ONLY.withRemote(remote);
            assertTrue(refusal(images, "https://example.org/a.png").endsWith("the host example.org is not allowed"));
            assertTrue(refusal(images, "https://a b").endsWith("expected a valid URI"));
        }
    }
}
