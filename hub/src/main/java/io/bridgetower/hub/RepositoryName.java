package io.bridgetower.hub;

import java.util.regex.Pattern;

/**
 * A model's name on the Hub, {@code organisation/name}.
 *
 * @param name in full
 */
record RepositoryName(String name) {
    private static final String PART = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}";
    private static final Pattern NAME = Pattern.compile(PART + "/" + PART);
    private static final Pattern REVISION_PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+@=-]{0,199}");
    private static final String FOLDER = "models--", SLASH = "--";
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** Whether a text can be a name; one that cannot is a path. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.contains(SLASH) && !text.contains("..");
    }

    /** Whether a text can be a branch, a tag or a commit, and a path within the cache. */
    static boolean isRevision(String text) {
        if (text.contains("..") || text.endsWith("/")) return false;
        for (String part : text.split("/", -1)) if (!REVISION_PART.matcher(part).matches()) return false;
        return true;
    }

    /** Whether a revision says by itself which files it means. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** The folder of the cache. */
    String folder() {
        return FOLDER + name.replace("/", SLASH);
    }

    /** The name whose {@link #folder} is called so; null if none is. */
    static String ofFolder(String folder) {
        return folder.startsWith(FOLDER) ? folder.substring(FOLDER.length()).replace(SLASH, "/") : null;
    }
}
