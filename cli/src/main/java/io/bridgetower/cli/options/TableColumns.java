package io.bridgetower.cli.options;

import io.bridgetower.jobs.table.TableOptions;
import java.nio.charset.Charset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a command reads a table. */
public final class TableColumns {
    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "Column, or field, with the ids; if not given, id, or else the row's number.")
    private String id;

    @Option(
            names = "--image-column",
            paramLabel = "NAME",
            description = "Column, or field, with the images; if not given, the one with a usual name, such as image,"
                    + " image_path or filename.")
    private String image;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Column, or field, with the texts; if not given, the one with a usual name, such as text or"
                    + " caption.")
    private String text;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            converter = Encoding.class,
            description = "Encoding of the input, such as windows-1252; if not given, UTF-8, or UTF-16 where the file"
                    + " begins with its byte order mark.")
    private Charset encoding;

    public TableOptions options() {
        return new TableOptions(id, image, text, encoding);
    }

    private static final class Encoding implements ITypeConverter<Charset> {
        @Override
        public Charset convert(String name) {
            try {
                return Charset.forName(name);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("expected an encoding such as windows-1252, found " + name);
            }
        }
    }
}
