package io.bridgetower.jobs.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvRecordsTest {
    /** A record is found where a parser of whole files finds it, and begins on the same line. */
    @Test
    void recordsAreThoseOfAParserOfWholeFiles() throws IOException {
        Random random = new Random(1);
        int compared = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(16); length > 0; length--)
                text.append("a\"\"\"\n\r,,".charAt(random.nextInt(8)));
            List<String> expected = whole(text.toString());
            if (expected == null) continue;
            assertEquals(expected, records(text.toString()), () -> "in <" + text + ">");
            compared++;
        }
        assertTrue(compared > 50_000, compared + " texts without misplaced quotes");
    }

    /** Line number and fields of all records; null if a quote is where none may be. */
    private static List<String> whole(String text) {
        List<String> records = new ArrayList<>();
        try (var reader = CsvReader.builder()
                .allowUnclosedQuote(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(text)) {
            reader.forEach(record -> records.add(record.getStartingLineNumber() + ": " + record.getFields()));
            return records;
        } catch (CsvParseException | IOException e) {
            return null;
        }
    }

    private static List<String> records(String text) throws IOException {
        List<String> records = new ArrayList<>();
        CsvRecords split = new CsvRecords(new StringReader(text), ',');
        for (CsvRecords.Record record = split.next(); record != null; record = split.next()) {
            assertEquals(null, record.problem());
            List<String> fields =
                    CsvReader.builder().ofSingleCsvRecord(record.text()).getFields();
            records.add(record.line() + ": " + fields);
        }
        return records;
    }
}
