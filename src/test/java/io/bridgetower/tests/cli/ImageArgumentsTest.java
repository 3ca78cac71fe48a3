package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to name images. */
class ImageArgumentsTest {
    @TempDir
    private Path directory;

    @Test
    void standardInputIsAnImage() throws IOException {
        byte[] image = Files.readAllBytes(Run.example(1));
        String file = Run.of("score", "--image", Run.example(1), "--text", "a star", "--json")
                .succeeds();
        String input = Run.of(image, "score", "--image", "-", "--text", "a star", "--json")
                .succeeds();
        assertEquals(file.replace(Run.example(1).toString(), "-"), input);
        Run.of(image, "fill", "--image", "-", "--text", "a <mask>").succeeds();
        Run.of(image, "explain", "--image=-", "--text", "a star", "--output", directory.resolve("page.html"))
                .succeeds();
        assertTrue(Files.size(directory.resolve("page.html")) > 1000);
        Run.of(new byte[] {1, 2}, "score", "--image", "-", "--text", "a").fails("standard input: not an image");
        Run.of(image, "score", "--image", "-", "-", "--text", "a").fails("standard input can be read once");
    }

    @Test
    void aListHasAPathOnEveryLine() throws IOException {
        Path odd = Files.copy(Run.example(2), directory.resolve("a [b] *.png"));
        String lines = "\uFEFF" + Run.example(1) + "\r\n\n" + odd + "\n";
        Path list = Files.writeString(directory.resolve("list.txt"), lines);
        List<String> expected = List.of(Run.example(1).toString(), odd.toString());
        assertEquals(expected, names(Run.of("embed", "--image", "@" + list)));
        assertEquals(expected, names(Run.of(lines.getBytes(), "embed", "--image", "@-")));
        Run.of("embed", "--image", "@" + directory.resolve("none")).fails("none: no such file");
        Run.of("embed", "--image", "@" + directory).fails("expected a list of images, found a directory");
        Path empty = Files.writeString(directory.resolve("empty.txt"), "\n");
        Run.of("embed", "--image", "@" + empty).fails("empty.txt: expected a path on every line, found none");
        Files.writeString(list, "gone.png\n");
        Run.of("embed", "--image", "@" + list).fails("gone.png: no such file");
        Run.of("fill", "--image", "@" + Files.writeString(list, lines), "--text", "a <mask>")
                .fails("expected one image, found 2");
    }

    @Test
    void aPatternIsExpanded() throws IOException {
        Path photos = Files.createDirectories(directory.resolve("photos/one"));
        for (String name : List.of("b.png", "a1.png", "a2.png", ".hidden.png")) {
            Files.copy(Run.example(1), photos.resolve(name));
        }
        Files.writeString(photos.resolve("notes.txt"), "no image");
        assertEquals(paths(photos, "a1.png", "a2.png", "b.png"), names(embed(photos + "/*.png")));
        assertEquals(paths(photos, "a1.png", "a2.png"), names(embed(directory + "/ph*s/o?e/a[0-9].png")));
        assertEquals(paths(photos, "b.png"), names(embed(photos + "/[!a]*.png")));
        assertEquals(paths(photos, ".hidden.png"), names(embed(photos + "/.*.png")));
        Run.of("embed", "--image", photos + "/*.jpg").fails("*.jpg: no file matches");
        Run.of("embed", "--image", photos + "/a[0.png").fails("a[0.png: no such file, and no pattern of paths");
        Files.copy(Run.example(1), photos.resolve("a[0-9].png"));
        assertEquals(paths(photos, "a[0-9].png"), names(embed(photos + "/a[0-9].png")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"score", "embed", "fill", "explain", "preprocess", "search"})
    void anAddressNeedsPermission(String command) throws IOException {
        String address = "https://images.example.org/a.png";
        Run.of(withImage(command, address)).fails(address, "--allow-urls");
        Run.of(withImage(command, address, "--allow-urls", "example.com,*.example.net"))
                .fails(address + ": the host images.example.org is not allowed");
        Run.of(withImage(command, address, "--allow-urls", "https://images.example.org"))
                .isMisuse("'--allow-urls'", "expected a name such as", "found https://images.example.org");
        Run.of(withImage(command, "http://localhost/a.png", "--allow-urls", "*"))
                .fails("http://localhost/a.png: expected an https address");
        Run.of(withImage(command, "https://localhost/a.png", "--allow-urls", "localhost"))
                .fails("https://localhost/a.png: the host localhost has no public address");
    }

    private Object[] withImage(String command, String image, Object... more) throws IOException {
        Object[] own = switch (command) {
            case "score" -> new Object[] {"--text", "a"};
            case "embed" -> new Object[] {};
            case "fill" -> new Object[] {"--text", "a <mask>"};
            case "explain" -> new Object[] {"--text", "a", "--output", directory.resolve("page.html")};
            case "preprocess" -> new Object[] {"--model", Run.DEMO, "--output", directory.resolve("out.safetensors")};
            case "search" -> new Object[] {"--index", index()};
            default -> throw new AssertionError(command);
        };
        Object[] all = new Object[own.length + more.length + 4];
        all[0] = command;
        all[1] = "--quiet";
        all[2] = "--image";
        all[3] = image;
        System.arraycopy(own, 0, all, 4, own.length);
        System.arraycopy(more, 0, all, 4 + own.length, more.length);
        return all;
    }

    private Path index() throws IOException {
        Path index = directory.resolve("index");
        Path texts = Files.writeString(directory.resolve("texts.txt"), "a star\n");
        if (!Files.exists(index))
            Run.of("index", "--input", texts, "--output", index).succeeds();
        return index;
    }

    private static Run embed(String image) {
        return Run.of("embed", "--image", image);
    }

    private static List<String> names(Run run) throws IOException {
        return Json.objects(run.succeeds()).stream()
                .map(each -> (String) each.get("image"))
                .toList();
    }

    private static List<String> paths(Path directory, String... names) {
        return List.of(names).stream()
                .map(name -> directory.resolve(name).toString())
                .toList();
    }
}
