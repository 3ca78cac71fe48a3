package io.bridgetower.cli.model;

import io.bridgetower.Head;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.util.List;
import java.util.Set;

/** The heads of a checkpoint, as messages name them. */
public final class HeadNames {
    private HeadNames() {}

    /** The abbreviations of all heads that there are. */
    public static List<String> of(Checkpoint checkpoint) {
        return Head.of(checkpoint).stream().map(Head::abbreviation).toList();
    }

    /**
     * Demands a head.
     *
     * @throws Failure if there is none; the message names those that there are
     */
    public static void require(Head wanted, Checkpoint checkpoint) throws Failure {
        Set<Head> heads = Head.of(checkpoint);
        if (heads.contains(wanted)) return;
        boolean fills = wanted == Head.QUESTION_ANSWERING && heads.contains(Head.MASKED_LM);
        throw new Failure(checkpoint.directory() + ": the checkpoint has no " + wanted.abbreviation() + " head ("
                + wanted.tensors() + ".*), "
                + (heads.isEmpty() ? "nor any other" : "only " + String.join(", ", of(checkpoint)))
                + (fills ? "; fill finds the word for a <mask> in a sentence instead" : ""));
    }
}
