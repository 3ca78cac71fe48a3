package io.bridgetower.model.batch;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.inputs.EncoderStates;
import io.bridgetower.model.inputs.ImageInputs;

/**
 * Whether the threads of a model may touch a tensor of a caller. What is confined to the calling thread is copied there,
 * on every number of threads, so that a call does not depend on how it is computed.
 */
public final class Confinement {
    /** A thread that is neither the caller nor the owner of any memory. */
    private static final Thread OTHER = Thread.ofPlatform().unstarted(() -> {});

    private Confinement() {}

    /**
     * Checks that the calling thread may read an input.
     *
     * @param name of the input, for the message
     * @param tensor null for none
     * @throws WrongThreadException if its memory is confined to another thread
     * @throws IllegalStateException if its memory has been freed
     */
    public static void check(String name, Tensor tensor) {
        if (tensor == null) return;
        if (!tensor.segment().scope().isAlive()) {
            throw new IllegalStateException(name + ": the memory has been freed");
        }
        if (!tensor.segment().isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException(
                    name + ": the memory is confined to another thread than the calling one; allocate it in a shared"
                            + " arena, or call from the thread that owns it");
        }
    }

    /** Whether only one thread may touch the tensor. */
    public static boolean isConfined(Tensor tensor) {
        return !tensor.segment().isAccessibleBy(OTHER);
    }

    /** A tensor that all threads may read: the same, or a copy on the workspace. */
    public static Tensor readable(Workspace workspace, Tensor tensor) {
        if (tensor == null || !isConfined(tensor)) return tensor;
        Tensor copy = workspace.tensor(tensor.shape());
        copy.segment().copyFrom(tensor.segment());
        return copy;
    }

    /** As {@link #readable(Workspace, Tensor)}. */
    public static ImageInputs readable(Workspace workspace, ImageInputs images) {
        Tensor pixels = readable(workspace, images.pixelValues()), embeds = readable(workspace, images.imageEmbeds());
        if (pixels == images.pixelValues() && embeds == images.imageEmbeds()) return images;
        return new ImageInputs(pixels, embeds, images.tokenTypeIdx(), images.interpolatePosEncoding());
    }

    /** As {@link #readable(Workspace, Tensor)}; null stays null. */
    public static EncoderStates readable(Workspace workspace, EncoderStates states) {
        if (states == null) return null;
        Tensor hidden = readable(workspace, states.hiddenStates());
        return hidden == states.hiddenStates() ? states : new EncoderStates(hidden, states.attentionMask());
    }
}
