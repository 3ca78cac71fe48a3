package io.bridgetower.cli.forward;

import io.bridgetower.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What of a model's outputs is asked for: names, or groups, which are what names begin with up to a dot. */
final class ForwardSelection {
    /** What the names of all outputs begin with. */
    static final List<String> GROUPS = List.of(
            "text_features",
            "image_features",
            "pooler_output",
            "last_hidden_state",
            "hidden_states",
            "attentions",
            "cross_attentions",
            "itm",
            "mlm",
            "itc",
            "vqa",
            "ve",
            "nlvr2");

    private final Set<String> selectors;

    /** @param selectors null for what is written by default */
    ForwardSelection(Set<String> selectors) {
        this.selectors = selectors;
    }

    /** Whether a selector may be the name or group of an output of some model. */
    static boolean isKnown(String selector) {
        return GROUPS.contains(selector.split("\\.", 2)[0]);
    }

    /** Whether anything of a group is asked for, by name or by default. */
    boolean names(String group, boolean byDefault) {
        if (selectors == null) return byDefault;
        return selectors.stream().anyMatch(each -> each.equals(group) || each.startsWith(group + "."));
    }

    /** Whether an output is asked for, be it by default. */
    boolean isMeant(ForwardOutput output) {
        if (output.obstacle() != null) return false;
        return selectors == null ? output.byDefault() : selectors.stream().anyMatch(output::isMeantBy);
    }

    /**
     * What is asked for, in the order of {@code outputs}. Of a group, what can be computed.
     *
     * @throws Failure if there is no output of a name, or all that it means cannot be computed
     */
    List<ForwardOutput> of(List<ForwardOutput> outputs) throws Failure {
        if (selectors != null) {
            for (String selector : selectors) check(selector, outputs);
        }
        return outputs.stream().filter(this::isMeant).toList();
    }

    private static void check(String selector, List<ForwardOutput> outputs) throws Failure {
        List<ForwardOutput> meant = new ArrayList<>(outputs);
        meant.removeIf(output -> !output.isMeantBy(selector));
        if (meant.isEmpty()) {
            throw new Failure("there is no output " + selector + " of this model, only " + groups(outputs));
        }
        for (ForwardOutput output : meant) {
            if (output.obstacle() == null) return;
        }
        throw new Failure(meant.getFirst().obstacle());
    }

    private static String groups(List<ForwardOutput> outputs) {
        return outputs.stream()
                .map(output -> output.name().replaceFirst("\\.\\d+", ".N"))
                .collect(Collectors.toCollection(LinkedHashSet::new))
                .stream()
                .collect(Collectors.joining(", "));
    }
}
