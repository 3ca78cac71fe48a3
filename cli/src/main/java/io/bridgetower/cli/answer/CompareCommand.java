package io.bridgetower.cli.answer;

import io.bridgetower.Choice;
import io.bridgetower.Head;
import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.BridgeTowerForVisualReasoning;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower compare}. */
@Command(
        name = "compare",
        description = "Tell whether a sentence is true of two images, with a model that was fine-tuned for NLVR2.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower compare --model DIR --image left.jpg --image right.jpg \\",
            "      --text \"there are two dogs in each image\""
        })
public final class CompareCommand implements Callable<Void> {
    private static final int IMAGES = 2;

    private final Streams streams;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            arity = "1..*",
            required = true,
            converter = NotAnOption.class,
            description = "Two images, the left one first: " + ImageArguments.SEVERAL)
    private List<String> images;

    @Option(names = "--text", paramLabel = "TEXT", required = true, description = "Sentence about both images.")
    private String text;

    @Option(
            names = "--json",
            description = "Print JSON: {\"images\": […, …], \"text\": …, \"label\": …, \"labels\": [{\"label\": …,"
                    + " \"probability\": …, \"logit\": …}, …]}.")
    private boolean json;

    @Mixin
    private AnswerInputs inputs;

    public CompareCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        List<Choice> choices = inputs.run(Head.VISUAL_REASONING, images, IMAGES, text, streams, CompareCommand::judge);
        if (json) ChoiceOutput.writeJson(images, "text", text, "label", choices, streams);
        else ChoiceOutput.writeTable("label", choices, streams);
        return null;
    }

    private static List<Choice> judge(
            Checkpoint checkpoint, BridgeTowerModel trunk, TextInputs text, List<ImageInputs> images)
            throws IOException {
        try (var model = BridgeTowerForVisualReasoning.load(checkpoint, trunk)) {
            float[] logits = model.logits(text, images.getFirst(), images.getLast())[0];
            return Choice.ranked(model.labels(), logits, BridgeTowerForVisualReasoning::probabilities);
        }
    }
}
