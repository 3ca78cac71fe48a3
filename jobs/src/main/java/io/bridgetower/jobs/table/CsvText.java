package io.bridgetower.jobs.table;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.RowId;
import io.bridgetower.jobs.rows.Task;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;

/**
 * Results as separated values: the id, what the task computes, and an error, empty where there is none. A vector is one
 * field, in square brackets.
 */
final class CsvText implements ResultText {
    private final List<String> columns;
    private final char separator;

    CsvText(Task task, char separator) {
        this.separator = separator;
        columns = switch (task) {
            case MATCH -> List.of("id", "probability", "no_match", "match", "error");
            case CONTRASTIVE -> List.of("id", "similarity", "error");
            case FILL -> List.of("id", "completed", "error");
            case EMBED_IMAGE, EMBED_TEXT, EMBED_PAIR -> List.of("id", "embedding", "error");
        };
    }

    @Override
    public String header() {
        return line(columns);
    }

    @Override
    public String line(PairResult<RowId> result) {
        String id = result.id().text() == null ? "" : result.id().text();
        return line(
                switch (result.outcome()) {
                    case Outcome.Match match ->
                        List.of(
                                id,
                                Double.toString(match.probability()),
                                Float.toString(match.noMatch()),
                                Float.toString(match.match()),
                                "");
                    case Outcome.Similarity close -> List.of(id, Double.toString(close.similarity()), "");
                    case Outcome.Completed completed -> List.of(id, completed.text(), "");
                    case Outcome.Embedding embedding -> List.of(id, Arrays.toString(embedding.vector()), "");
                    case Outcome.Failed failed -> failed(id, failed.reason());
                });
    }

    private List<String> failed(String id, String reason) {
        String[] fields = new String[columns.size()];
        Arrays.fill(fields, "");
        fields[0] = id;
        fields[fields.length - 1] = reason;
        return List.of(fields);
    }

    private String line(List<String> fields) {
        StringWriter line = new StringWriter();
        CsvWriter.builder()
                .fieldSeparator(separator)
                .lineDelimiter(LineDelimiter.LF)
                .bufferSize(0)
                .build(line)
                .writeRecord(fields);
        return line.toString();
    }
}
