package io.bridgetower.build.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Whether what pages refer to is in the site. */
final class LinkCheck {
    private static final Pattern REFERENCE = Pattern.compile("<[^>]* (?:href|src)=\"([^\"]*)\"");

    private LinkCheck() {}

    /** References to files or headings that are not there, each with its page. */
    static List<String> broken(Path site, List<Page> pages) throws IOException {
        List<String> broken = new ArrayList<>();
        for (Page page : pages) {
            Path file = site.resolve(page.path());
            for (MatchResult found :
                    REFERENCE.matcher(Files.readString(file)).results().toList()) {
                String reference = found.group(1);
                if (reference.matches("[a-z]+:.*")) continue;
                if (!resolves(file, reference)) broken.add(page.path() + ": " + reference);
            }
        }
        return broken;
    }

    private static boolean resolves(Path page, String reference) throws IOException {
        String file = reference.replaceFirst("#.*", ""), anchor = reference.substring(file.length());
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.isRegularFile(target)) return false;
        return anchor.isEmpty() || Files.readString(target).contains("id=\"" + anchor.substring(1) + "\"");
    }
}
