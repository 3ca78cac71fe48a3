package io.bridgetower.cli.evaluate;

import io.bridgetower.Head;
import io.bridgetower.cli.model.HeadNames;
import io.bridgetower.cli.options.AnswerList;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.cli.terminal.Table;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower evaluate vqa}. */
@Command(
        name = "vqa",
        description = "The official soft accuracy on VQAv2, on its own files of questions and annotations.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower evaluate vqa --dataset v2_OpenEnded_mscoco_val2014_questions.json \\",
            "      --annotations v2_mscoco_val2014_annotations.json --images val2014 \\",
            "      --model DIR --answers answers.json --output vqa.json"
        })
public final class VqaCommand implements Callable<Void> {
    private final Streams streams;

    @Option(
            names = "--dataset",
            paramLabel = "FILE",
            required = true,
            description = "Questions: {\"data_subtype\": …, \"questions\": [{\"question_id\": …, \"image_id\": …,"
                    + " \"question\": …}, …]}.")
    private Path dataset;

    @Option(
            names = "--annotations",
            paramLabel = "FILE",
            required = true,
            description =
                    "Answers of people: {\"annotations\": [{\"question_id\": …, \"answers\": [{\"answer\": …}, …]},"
                            + " …]}.")
    private Path annotations;

    @Mixin
    private AnswerList answers;

    @Mixin
    private EvaluationOptions options;

    public VqaCommand(Streams streams) {
        this.streams = streams;
    }

    /** @param type of the answer, as annotations tell it: yes/no, number or other; null if they do not */
    private record People(List<String> answers, String type) {}

    private record Question(long id, long image, String text) {}

    @Override
    public Void call() throws IOException, Failure {
        List<Path> inputs = List.of(dataset, annotations);
        options.check(inputs);
        ImageFolder folder = options.images();
        List<Question> questions = new ArrayList<>();
        String subtype = DataSetFile.read(
                dataset,
                "questions",
                "data_subtype",
                fields -> questions.add(new Question(
                        fields.integer("question_id"), fields.integer("image_id"), fields.text("question"))));
        if (questions.isEmpty()) throw new Failure(dataset + ": questions: expected one or more");
        Map<Long, People> people = people();
        List<TaskItem> items = new ArrayList<>();
        for (Question question : questions) {
            if (!people.containsKey(question.id())) {
                throw new MalformedFileException(annotations, "annotations", "has none for question " + question.id());
            }
            items.add(new TaskItem(question.text(), List.of(folder.find(names(question.image(), subtype)))));
        }
        options.run(
                "vqa",
                "questions",
                inputs,
                Map.of(),
                checkpoint -> HeadNames.require(Head.QUESTION_ANSWERING, checkpoint),
                streams,
                setting -> evaluate(setting, items, questions, people));
        return null;
    }

    /** Those of COCO, of which the data set's images are. */
    private static List<String> names(long image, String subtype) {
        List<String> names = new ArrayList<>();
        if (subtype != null) names.add(String.format(Locale.ROOT, "COCO_%s_%012d", subtype, image));
        names.add(String.format(Locale.ROOT, "%012d", image));
        names.add(Long.toString(image));
        return names;
    }

    private Map<Long, People> people() throws IOException {
        Map<Long, People> people = new HashMap<>();
        DataSetFile.read(annotations, "annotations", null, fields -> {
            List<String> given = new ArrayList<>();
            for (Object answer : fields.list("answers")) {
                given.add(Fields.of(annotations, fields.place() + ".answers[" + given.size() + "]", answer)
                        .text("answer"));
            }
            if (given.isEmpty()) throw fields.wrong("answers", "one or more answers");
            people.put(fields.integer("question_id"), new People(given, fields.textOrNull("answer_type")));
        });
        return people;
    }

    private EvaluationResult evaluate(
            EvaluationOptions.Setting setting, List<TaskItem> items, List<Question> questions, Map<Long, People> people)
            throws IOException, Failure {
        List<String> labels;
        int[] predicted;
        try (var model = BridgeTowerForQuestionAnswering.load(setting.checkpoint(), setting.trunk())) {
            labels = answers.isGiven() ? answers.read(model.labels().size()) : model.labels();
            predicted =
                    new TaskPredictions(setting, (texts, images) -> model.logits(texts, images.getFirst())).of(items);
        }
        Map<String, double[]> sums = new TreeMap<>();
        double sum = 0;
        for (int i = 0; i < predicted.length; i++) {
            People given = people.get(questions.get(i).id());
            double accuracy = VqaAccuracy.of(labels.get(predicted[i]), given.answers());
            sum += accuracy;
            if (given.type() == null) continue;
            double[] ofType = sums.computeIfAbsent(given.type(), _ -> new double[2]);
            ofType[0] += accuracy;
            ofType[1]++;
        }
        Map<String, Object> json = new LinkedHashMap<>(), byType = new LinkedHashMap<>();
        json.put("questions", (long) predicted.length);
        json.put("accuracy", sum / predicted.length);
        Table table = new Table("answers", "questions", "accuracy");
        table.add("all", Integer.toString(predicted.length), EvaluationResult.percent(sum / predicted.length));
        sums.forEach((type, ofType) -> {
            byType.put(type, ofType[0] / ofType[1]);
            table.add(type, Long.toString((long) ofType[1]), EvaluationResult.percent(ofType[0] / ofType[1]));
        });
        json.put("accuracy_by_type", byType);
        return new EvaluationResult(json, table);
    }
}
