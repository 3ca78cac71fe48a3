package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in the README and on the pages of {@code docs} compile and print what the pages say. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));

    @TempDir
    Path classes;

    @Test
    void everyProgramCompilesAndPrintsWhatItSays() throws Exception {
        Pattern program = Pattern.compile("```java\n(.*?public class (\\w+).*?)```.*?```\n(.*?)```", Pattern.DOTALL);
        String[] arguments = {
            ROOT.resolve("models/demo").toString(),
            ROOT.resolve("examples/02.png").toString()
        };
        List<String> found = new ArrayList<>();
        for (Path page : ReadmeCommandsTest.pages()) {
            Matcher programs = program.matcher(Files.readString(page));
            while (programs.find()) {
                String name = programs.group(2);
                found.add(name);
                compile(name, programs.group(1));
                assertEquals(programs.group(3), run(name, arguments).replace(System.lineSeparator(), "\n"), name);
            }
        }
        assertEquals(List.of("Match", "Rank", "Encodings"), found);
    }

    private void compile(String name, String program) throws IOException {
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return program;
                    }
                };
        List<String> options = List.of("-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        assertTrue(compiler.getTask(null, null, null, options, null, List.of(source))
                .call());
    }

    private String run(String name, String[] arguments) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        URL[] path = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
