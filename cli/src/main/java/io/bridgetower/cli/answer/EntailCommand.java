package io.bridgetower.cli.answer;

import io.bridgetower.Choice;
import io.bridgetower.Head;
import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.BridgeTowerForVisualEntailment;
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

/** {@code bridgetower entail}. */
@Command(
        name = "entail",
        description =
                "Tell whether an image entails a sentence, contradicts it or leaves it open, with a model that was"
                        + " fine-tuned for SNLI-VE.",
        footerHeading = "%nExamples:%n",
        footer = "  bridgetower entail --model DIR --image cat.jpg --text \"an animal sleeps\"")
public final class EntailCommand implements Callable<Void> {
    private final Streams streams;

    @Option(names = "--image", paramLabel = "FILE", required = true, description = "Image: " + ImageArguments.ONE)
    private String image;

    @Option(names = "--text", paramLabel = "TEXT", required = true, description = "Sentence about the image.")
    private String text;

    @Option(
            names = "--json",
            description = "Print JSON: {\"image\": …, \"text\": …, \"label\": …, \"labels\": [{\"label\": …,"
                    + " \"probability\": …, \"logit\": …}, …]}.")
    private boolean json;

    @Mixin
    private AnswerInputs inputs;

    public EntailCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        List<Choice> choices =
                inputs.run(Head.VISUAL_ENTAILMENT, List.of(image), 1, text, streams, EntailCommand::judge);
        if (json) ChoiceOutput.writeJson(List.of(image), "text", text, "label", choices, streams);
        else ChoiceOutput.writeTable("label", choices, streams);
        return null;
    }

    private static List<Choice> judge(
            Checkpoint checkpoint, BridgeTowerModel trunk, TextInputs text, List<ImageInputs> images)
            throws IOException {
        try (var model = BridgeTowerForVisualEntailment.load(checkpoint, trunk)) {
            return Choice.ranked(
                    model.labels(),
                    model.logits(text, images.getFirst())[0],
                    BridgeTowerForVisualEntailment::probabilities);
        }
    }
}
