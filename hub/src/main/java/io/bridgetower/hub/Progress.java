package io.bridgetower.hub;

/** Is told how far a download has come. Called by the downloading thread, often. */
@FunctionalInterface
public interface Progress {
    /** Shows nothing. */
    Progress NONE = (_, _, _) -> {};

    /**
     * Some of a file is there. At its end {@code received} equals {@code total}.
     *
     * @param file its name in the model
     * @param received bytes so far, those of an earlier attempt included
     * @param total size of the file, −1 if the server does not say
     */
    void at(String file, long received, long total);
}
