package io.bridgetower.search.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImageRootTest {
    @Test
    void namesAreTheSameOnEverySystem() throws IOException {
        try (FileSystem unix = Jimfs.newFileSystem(Configuration.unix());
                FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
            Path below = unix.getPath("/images/a/b.png"), belowOnWindows = windows.getPath("D:\\images\\a\\b.png");
            ImageRoot root = new ImageRoot(unix.getPath("/images"));
            ImageRoot onWindows = new ImageRoot(windows.getPath("D:\\images"));
            assertEquals("a/b.png", root.name(image(below)));
            assertEquals("a/b.png", onWindows.name(image(belowOnWindows)));
            assertEquals(below, root.path("a/b.png"));
            assertEquals(belowOnWindows, onWindows.path("a/b.png"));
        }
    }

    @Test
    void imagesOfAnotherDriveAreNamedWithIt() throws IOException {
        try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
            ImageRoot root = new ImageRoot(windows.getPath("D:\\images"));
            Path elsewhere = windows.getPath("C:\\images\\a.png");
            assertEquals("C:\\images\\a.png", root.name(image(elsewhere)));
            assertEquals(elsewhere, root.path("C:\\images\\a.png"));
        }
    }

    private static IndexedImage image(Path path) {
        return new IndexedImage(path, 1, 1);
    }
}
