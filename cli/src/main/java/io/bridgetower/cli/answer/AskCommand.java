package io.bridgetower.cli.answer;

import io.bridgetower.Choice;
import io.bridgetower.Head;
import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.options.AnswerList;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower ask}. */
@Command(
        name = "ask",
        description = "Answer a question about an image, with a model that was fine-tuned for VQAv2.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower ask --model DIR --image cat.jpg --question \"how many cats are there?\"",
            "  bridgetower ask --model last.ckpt --answers answers.json --image cat.jpg \\",
            "      --question \"what is the cat on?\" --top 3 --json"
        })
public final class AskCommand implements Callable<Void> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(names = "--image", paramLabel = "FILE", required = true, description = "Image: " + ImageArguments.ONE)
    private String image;

    @Option(names = "--question", paramLabel = "TEXT", required = true, description = "Question about the image.")
    private String question;

    @Mixin
    private AnswerList answers;

    private int top = 5;

    @Option(
            names = "--json",
            description = "Print JSON: {\"image\": …, \"question\": …, \"answer\": …, \"answers\": [{\"answer\": …,"
                    + " \"probability\": …, \"logit\": …}, …]}.")
    private boolean json;

    @Mixin
    private AnswerInputs inputs;

    public AskCommand(Streams streams) {
        this.streams = streams;
    }

    @Option(names = "--top", paramLabel = "K", description = "How many answers to show; 5 if not given.")
    private void setTop(int count) {
        if (count < 1) throw new ParameterException(spec.commandLine(), "--top: expected 1 or more, found " + count);
        top = count;
    }

    @Override
    public Void call() throws IOException, Failure {
        List<Choice> choices = inputs.run(Head.QUESTION_ANSWERING, List.of(image), 1, question, streams, this::answer);
        List<Choice> best = choices.subList(0, Math.min(top, choices.size()));
        if (json) ChoiceOutput.writeJson(List.of(image), "question", question, "answer", best, streams);
        else ChoiceOutput.writeTable("answer", best, streams);
        return null;
    }

    private List<Choice> answer(
            Checkpoint checkpoint, BridgeTowerModel trunk, TextInputs text, List<ImageInputs> images)
            throws IOException, Failure {
        try (var model = BridgeTowerForQuestionAnswering.load(checkpoint, trunk)) {
            List<String> labels =
                    answers.isGiven() ? answers.read(model.labels().size()) : model.labels();
            return Choice.ranked(
                    labels, model.logits(text, images.getFirst())[0], BridgeTowerForQuestionAnswering::probabilities);
        }
    }
}
