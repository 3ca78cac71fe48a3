package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results, messages and files are the same in every locale, and files in every charset. */
class LocaleTest {
    private static final Path EXAMPLES = Run.ROOT.resolve("examples");

    private static List<String> expected;

    @TempDir
    private Path directory;

    /** Locales with other digits, another calendar, and another upper case of i. */
    @ParameterizedTest
    @ValueSource(strings = {"fa-IR", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai", "tr-TR"})
    void nothingDependsOnTheLocale(String tag) throws IOException {
        if (expected == null) expected = everything(Locale.ROOT);
        List<String> found = everything(Locale.forLanguageTag(tag));
        for (int i = 0; i < expected.size(); i++) assertEquals(expected.get(i), found.get(i));
    }

    @Test
    void progressHasPlainDigits() throws IOException {
        Path input = table();
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("fa-IR"));
            String err = batch(input).err();
            assertTrue(err.contains("3 of 3 pairs"), err);
            assertTrue(err.codePoints().allMatch(c -> !Character.isDigit(c) || c < 0x80), err);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void filesAreInUtf8WhateverTheCharsetOfTheProcess() throws IOException, InterruptedException {
        Path input = table();
        batch(input);
        byte[] expected = Files.readAllBytes(directory.resolve("out.csv"));
        assertTrue(new String(expected, StandardCharsets.UTF_8).contains("\nä,"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Dfile.encoding=ISO-8859-1",
                "-Dstdout.encoding=US-ASCII",
                "-Duser.language=fa",
                "-Duser.country=IR",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of("batch", "--input", input.toString(), "--image-root", EXAMPLES.toString()));
        Path output = directory.resolve("other.csv");
        command.addAll(List.of("--task", "fill", "--output", output.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        assertEquals(new String(expected, StandardCharsets.UTF_8), Files.readString(output));
    }

    private List<String> everything(Locale locale) throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(locale);
            return everything();
        } finally {
            Locale.setDefault(before);
        }
    }

    private List<String> everything() throws IOException {
        List<String> all = new ArrayList<>();
        for (String command :
                List.of("score", "fill", "embed", "batch", "index", "search", "forward", "bench", "info")) {
            all.add(Run.of(command, "--help").succeeds());
        }
        Path golden = Run.ROOT.resolve("src/test/resources/golden/defaults"), tensors = directory.resolve("tensors");
        Run.of(
                        "forward",
                        "--model",
                        golden,
                        "--input",
                        golden.resolve("inputs.safetensors"),
                        "--force",
                        "--output",
                        tensors)
                .succeeds();
        byte[] written = Files.readAllBytes(tensors);
        assertTrue(new String(written, StandardCharsets.ISO_8859_1).contains("attentions.0.image"));
        all.add(Arrays.hashCode(written) + "");
        Path image = EXAMPLES.resolve("01.png");
        Object[] score = {"score", "--image", image, "--text", "a red circle", "I"};
        all.add(Run.of(score).succeeds());
        all.add(Run.of("info", "--model", Run.DEMO).succeeds());
        all.add(Run.of("score", "--image", image, "--text", "a", "--threads", "1025")
                .err());
        all.add(Run.of("score", "--image", image, "--text", "a", "--weights", "INT8")
                .err());
        all.add(Run.of("score", "--image", image, "--text", "a ".repeat(100)).err());
        all.add(Run.of("batch", "--input", "I.TXT", "--output", "b.csv").err());
        assertFalse(batch(table()).err().isEmpty());
        all.add(Files.readString(directory.resolve("out.csv")));
        return all;
    }

    private Run batch(Path input) throws IOException {
        Path output = directory.resolve("out.csv");
        Run run = Run.of(
                "batch", "--force", "--input", input, "--image-root", EXAMPLES, "--task", "FILL", "--output", output);
        run.succeeds();
        return run;
    }

    private Path table() throws IOException {
        String rows = "id,image,text\n1,01.png,a <mask> square\nä,02.png,two <mask>\nI,03.png,four <mask> stars\n";
        return Files.writeString(directory.resolve("IN.CSV"), rows);
    }
}
