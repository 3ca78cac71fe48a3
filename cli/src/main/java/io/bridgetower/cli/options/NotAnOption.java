package io.bridgetower.cli.options;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The values of an option that takes any number of them. Without this a misspelled option behind them would be one of
 * them; a text of several words may still begin with a dash.
 */
public final class NotAnOption implements ITypeConverter<String> {
    private static final Pattern OPTION = Pattern.compile("--?\\p{Alpha}\\S*");

    @Override
    public String convert(String value) {
        if (OPTION.matcher(value).matches()) throw new TypeConversionException("unknown option " + value);
        return value;
    }
}
