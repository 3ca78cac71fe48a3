package io.bridgetower.model.checkpoint;

import io.bridgetower.files.MalformedFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The names that models ask by, for names that trainers and older versions have written. */
final class WeightNames {
    /**
     * What wrappers of modules put into names, before all of a name or before that of a part: data-parallel training,
     * {@code torch.compile}, sharded training and activation checkpointing. No part of a model is called so.
     */
    private static final Pattern WRAPPER =
            Pattern.compile("(?<=^|\\.)(module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\\.");

    /** The field in which a trainer's module keeps the model. */
    private static final String FIELD = "model.";

    /** Only of a LayerNorm: an interpolating link tower has a {@code beta} of its own. */
    private static final Pattern OLD_LAYER_NORM = Pattern.compile("(.*LayerNorm)\\.(gamma|beta)", Pattern.DOTALL);

    /** What safetensors keeps for itself. */
    private static final String METADATA = "__metadata__";

    private WeightNames() {}

    /** From today's name of each tensor to its name in the file. */
    static Map<String, String> canonical(Path file, Set<String> names) throws MalformedFileException {
        Map<String, String> canonical = new HashMap<>();
        for (String name : names) {
            if (name.equals(METADATA)) throw new MalformedFileException(file, name, "is not a name for a tensor");
            String other = canonical.put(canonical(name), name);
            if (other != null) {
                throw new MalformedFileException(file, name, "is another name of " + other + ", which is there too");
            }
        }
        return canonical;
    }

    private static String canonical(String name) {
        String bare = WRAPPER.matcher(name).replaceAll("");
        if (bare.startsWith(FIELD)) bare = bare.substring(FIELD.length());
        var old = OLD_LAYER_NORM.matcher(bare);
        if (!old.matches()) return bare;
        return old.group(1) + (old.group(2).equals("gamma") ? ".weight" : ".bias");
    }
}
