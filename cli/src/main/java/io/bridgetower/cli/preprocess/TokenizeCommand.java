package io.bridgetower.cli.preprocess;

import io.bridgetower.cli.options.ProcessorDirectory;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.cli.terminal.TextLines;
import io.bridgetower.processor.text.Encoding;
import io.bridgetower.processor.text.Tokenizer;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower tokenize}. */
@Command(
        name = "tokenize",
        description =
                "Split texts into tokens: one text per line on standard input, its tokens on a line of the output.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo \"a black square\" | bridgetower tokenize --model DIR",
            "  bridgetower tokenize --model DIR --json < captions.txt > tokens.jsonl"
        })
public final class TokenizeCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ProcessorDirectory model;

    @Option(names = "--json", description = "Print JSON, a line for each text: {\"ids\": […], \"tokens\": […]}.")
    private boolean json;

    public TokenizeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        Tokenizer tokenizer = Tokenizer.load(model.path(streams));
        TextLines lines = new TextLines(streams.in());
        try (TokenWriter writer = json ? new JsonTokenWriter(streams.out()) : new PlainTokenWriter(streams.writer())) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                Encoding encoding = tokenizer.encode(line);
                writer.write(encoding.ids(), encoding.tokens());
                if (!lines.isNextReady()) writer.flush();
            }
        }
        return null;
    }
}
