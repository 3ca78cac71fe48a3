package io.bridgetower.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
    @TempDir
    private Path temporary;

    private Path root;
    private final List<Skipped> skipped = new ArrayList<>();

    @BeforeEach
    void real() throws IOException {
        root = temporary.toRealPath();
    }

    @Test
    void imagesAreFoundByNameOnceAndInOrder() throws IOException {
        for (String name : new String[] {
            "b.PNG", "a.jpeg", "sub/deep/c.webp", "sub/d.tif", "e.mp4", "f.ppm", "g.PGM", "notes.txt", "png"
        }) {
            touch(name);
        }
        touch("named.raw");
        assertEquals(files("a.jpeg", "b.PNG", "f.ppm", "g.PGM", "sub/d.tif", "sub/deep/c.webp"), below(root));
        assertEquals(
                files("a.jpeg", "b.PNG", "f.ppm", "g.PGM", "named.raw", "sub/d.tif", "sub/deep/c.webp"),
                below(root.resolve("named.raw"), root, root.resolve("sub/../sub"), root.resolve("a.jpeg")));
        assertEquals(List.of(), skipped);
    }

    @Test
    void linksToFilesAreFollowedAndLinksToDirectoriesOnlyAsRoots() throws IOException {
        touch("a.png");
        Files.createDirectory(root.resolve("sub"));
        Files.createSymbolicLink(root.resolve("sub/loop.png"), root);
        Files.createSymbolicLink(root.resolve("sub/link.png"), root.resolve("a.png"));
        assertEquals(files("a.png", "sub/link.png"), below(root));
        assertEquals(files("a.png", "sub/link.png"), below(root.resolve("sub/loop.png")));
    }

    @Test
    void anEmptyDirectoryHasNoneAndAMissingOneIsAnError() throws IOException {
        assertEquals(List.of(), below(root));
        assertThrows(NoSuchFileException.class, () -> below(root.resolve("none")));
    }

    @Test
    void theBaseHoldsAllRoots() throws IOException {
        touch("photos/2025/a.png");
        touch("photos/2026/b.png");
        Path photos = root.resolve("photos"), older = photos.resolve("2025"), newer = photos.resolve("2026");
        assertEquals(older, ImageFiles.base(List.of(older)));
        assertEquals(photos, ImageFiles.base(List.of(older, newer)));
        assertEquals(photos, ImageFiles.base(List.of(older.resolve("a.png"), photos)));
        assertEquals(root, ImageFiles.base(List.of(photos, root.resolve("photos/.."))));
        Path link = Files.createSymbolicLink(root.resolve("link"), photos);
        assertEquals(older, ImageFiles.base(List.of(link.resolve("2025"))));
        assertEquals(below(older), below(link.resolve("2025/a.png")));
        assertEquals(null, ImageFiles.base(List.of()));
    }

    private List<Path> below(Path... roots) throws IOException {
        return ImageFiles.below(List.of(roots), skipped::add);
    }

    private List<Path> files(String... names) {
        return Stream.of(names).map(root::resolve).toList();
    }

    private void touch(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }
}
