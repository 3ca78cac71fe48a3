package io.bridgetower.cli.options;

import io.bridgetower.UrlPolicy;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes what {@link UrlPolicy} takes for a host, as it is. */
public final class HostName implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        try {
            UrlPolicy.of(Set.of(value));
            return value;
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage().substring("hosts: ".length()));
        }
    }
}
