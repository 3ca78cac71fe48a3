package io.bridgetower.cli.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns on file systems in memory, which name paths as Unix and as Windows do. */
class GlobTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        *.png              | a.png b.png
        ./*.png            | ./a.png ./b.png
        [!a]*.png          | b.png
        ?.png              | a.png b.png
        .*                 | .c.png
        d/*/e*.png         | d/1/e.png d/2/e.png
        d//[1-1]/e.png     | d/1/e.png
        /work/d/*/e.png    | /work/d/1/e.png /work/d/2/e.png
        /*/b.png           | /work/b.png
        none/*.png         | ""
        a.png/*            | ""
        *\\e.*           | d\\e.gif
        {a,b}.*            | ""
        """)
    void namesOfUnix(String pattern, String expected) throws IOException {
        try (FileSystem files = Jimfs.newFileSystem(Configuration.unix())) {
            write(files, "a.png", "b.png", ".c.png", "d/1/e.png", "d/2/e.png", "d\\e.gif");
            assertEquals(expected, expand(pattern, files));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        *.png                      | a.png b.png
        d\\*\\e.png            | d\\1\\e.png d\\2\\e.png
        d/*/e.png                  | d\\1\\e.png d\\2\\e.png
        d\\[1]/e.png             | d\\1\\e.png
        C:\\work\\*.png        | C:\\work\\a.png C:\\work\\b.png
        C:/*/a.png                 | C:\\work\\a.png
        \\\\host\\share\\*.png | \\\\host\\share\\f.png
        none\\*.png              | ""
        """)
    void namesOfWindows(String pattern, String expected) throws IOException {
        Configuration shares = Configuration.windows().toBuilder()
                .setRoots("C:\\", "\\\\host\\share\\")
                .build();
        try (FileSystem files = Jimfs.newFileSystem(shares)) {
            write(files, "a.png", "b.png", "d\\1\\e.png", "d\\2\\e.png", "\\\\host\\share\\f.png");
            assertEquals(expected, expand(pattern, files));
        }
    }

    @Test
    void bracketsAreClosed() throws IOException {
        try (FileSystem files = Jimfs.newFileSystem(Configuration.unix())) {
            assertThrows(PatternSyntaxException.class, () -> Glob.expand("[a.png", files));
        }
    }

    private static String expand(String pattern, FileSystem files) throws IOException {
        List<Path> found = Glob.expand(pattern, files);
        return String.join(" ", found.stream().map(Path::toString).toList());
    }

    private static void write(FileSystem files, String... names) throws IOException {
        for (String name : names) {
            Path path = files.getPath(name);
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.createFile(path);
        }
    }
}
