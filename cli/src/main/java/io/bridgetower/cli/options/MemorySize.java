package io.bridgetower.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes, as in {@code 500m} or {@code 2g}. */
public record MemorySize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([kmg])", Pattern.CASE_INSENSITIVE);

    /** Reads an option. */
    public static final class Converter implements ITypeConverter<MemorySize> {
        @Override
        public MemorySize convert(String value) {
            Matcher form = FORM.matcher(value);
            if (!form.matches() || Long.parseLong(form.group(1)) == 0) {
                throw new TypeConversionException("expected a size such as 500m or 2g, found " + value);
            }
            int shift = switch (Character.toLowerCase(form.group(2).charAt(0))) {
                case 'k' -> 10;
                case 'm' -> 20;
                default -> 30;
            };
            return new MemorySize(Long.parseLong(form.group(1)) << shift);
        }
    }
}
