package io.bridgetower.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/** Allocates more than a gigabyte in tensors, in a process with a small heap, and prints how many bytes were allocated at the same time. */
final class TensorArenaRun {
    private static final int MEGABYTES = 24;
    private static final int TENSORS = 48;

    /** What becomes of the tensors. */
    enum Use {
        /** Each is closed before the next. */
        CLOSED(MEGABYTES),
        /** None is closed or used again. How far behind freeing may be depends on the machine; half of all is far behind. */
        DROPPED(TENSORS * MEGABYTES / 2),
        /** Up to six are in use, which is more than the heap may have. */
        SIX_IN_USE(TENSORS * MEGABYTES / 2);

        private final int megabytes;

        Use(int megabytes) {
            this.megabytes = megabytes;
        }

        long bound() {
            return (long) megabytes << 20;
        }
    }

    private TensorArenaRun() {}

    /** @param args the use */
    public static void main(String[] args) {
        Use use = Use.valueOf(args[0]);
        Deque<Tensor> inUse = new ArrayDeque<>();
        long peak = 0;
        for (int i = 0; i < TENSORS; i++) {
            Tensor tensor = Tensor.allocate(MEGABYTES << 18);
            peak = Math.max(peak, TensorArena.held());
            if (use == Use.CLOSED) tensor.close();
            if (use == Use.SIX_IN_USE) inUse.addLast(tensor);
            if (inUse.size() == 6) inUse.removeFirst();
        }
        for (Tensor tensor : inUse) tensor.close();
        System.out.println(peak);
    }
}
