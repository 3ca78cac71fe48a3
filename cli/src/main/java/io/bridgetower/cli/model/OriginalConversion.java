package io.bridgetower.cli.model;

import io.bridgetower.cli.options.AnswerList;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.model.checkpoint.Conversion;
import io.bridgetower.model.checkpoint.OriginalCheckpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.processor.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Converts a checkpoint of the authors' code.
 *
 * @param imageSize as {@link OriginalCheckpoint#open}
 * @param tokenizer the directory of the tokenizer's files; null for that of the checkpoint, if it holds any
 */
record OriginalConversion(int imageSize, Path tokenizer, AnswerList answers, Streams streams) {
    /** Names of things that a note tells. */
    private static final int TOLD = 5;

    void run(Path from, Path to, Conversion.Target target) throws IOException, Failure {
        if (Files.isDirectory(from)) {
            throw new Failure(from + ": expected a file of the authors' code, such as last.ckpt, found a directory");
        }
        Path directory = tokenizerDirectory(from);
        Tokenizer texts = directory == null ? null : Tokenizer.load(directory);
        try (OriginalCheckpoint original = OriginalCheckpoint.open(from, imageSize)) {
            original.write(to, target, config(from, original.config()), () -> {
                ModelProcessors.imageProcessor(original).save(to);
                if (texts != null) texts.save(to);
            });
            tell(from, original);
        }
        if (texts == null) {
            streams.note(from + ": no tokenizer next to it; the model reads texts when the files of one are in its"
                    + " directory, as --tokenizer puts them there");
        }
    }

    private BridgeTowerConfig config(Path from, BridgeTowerConfig config) throws IOException, Failure {
        if (!answers.isGiven()) return config;
        if (!config.architectures().contains(TaskHead.QUESTION_ANSWERING.architecture())) {
            throw new Failure(from + ": --answers: the checkpoint has no head for questions, vqa_classifier");
        }
        List<String> labels = answers.read(config.numLabels());
        return config.toBuilder().labels(labels).build();
    }

    private Path tokenizerDirectory(Path from) throws IOException {
        if (tokenizer != null) return tokenizer;
        Path directory = ModelProcessors.directory(from);
        boolean hasTokenizer =
                Files.exists(directory.resolve("tokenizer.json")) || Files.exists(directory.resolve("vocab.json"));
        return hasTokenizer ? directory : null;
    }

    private void tell(Path from, OriginalCheckpoint original) {
        if (!original.passedOver().isEmpty()) {
            streams.note(
                    from + ": passed over objects of " + some(original.passedOver()) + "; nothing of them was run");
        }
        if (!original.unused().isEmpty()) {
            Set<String> parts = new TreeSet<>();
            for (String name : original.unused()) parts.add(name.replaceFirst("\\..*", ".*"));
            streams.note(from + ": left out " + original.unused().size() + " tensors that the model does not use: "
                    + some(parts));
        }
    }

    private static String some(Set<String> names) {
        String shown = String.join(", ", names.stream().limit(TOLD).toList());
        return names.size() > TOLD ? shown + " and " + (names.size() - TOLD) + " more" : shown;
    }
}
