package io.bridgetower.model.checkpoint.torch;

import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.Shapes;
import io.bridgetower.model.checkpoint.torch.PickleReader.Tuple;
import io.bridgetower.model.checkpoint.torch.TorchTensor.Storage;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The few names that a state dict of torch needs, and the storages that it refers to. Others are refused, or in the file of a
 * trainer, which holds more than a state dict, passed over.
 */
final class TorchObjects implements PickleObjects {
    private enum Function {
        ORDERED_DICT,
        REBUILD_TENSOR,
        REBUILD_PARAMETER
    }

    private static final Map<String, Object> NAMES = Map.ofEntries(
            Map.entry("collections.OrderedDict", Function.ORDERED_DICT),
            Map.entry("torch._utils._rebuild_tensor_v2", Function.REBUILD_TENSOR),
            Map.entry("torch._utils._rebuild_parameter", Function.REBUILD_PARAMETER),
            Map.entry("torch.DoubleStorage", DType.F64),
            Map.entry("torch.FloatStorage", DType.F32),
            Map.entry("torch.HalfStorage", DType.F16),
            Map.entry("torch.BFloat16Storage", DType.BF16),
            Map.entry("torch.LongStorage", DType.I64),
            Map.entry("torch.IntStorage", DType.I32),
            Map.entry("torch.ShortStorage", DType.I16),
            Map.entry("torch.CharStorage", DType.I8),
            Map.entry("torch.ByteStorage", DType.U8),
            Map.entry("torch.BoolStorage", DType.BOOL));

    /** A message names no more. */
    private static final int MAX_PASSED_OVER = 100;

    private final Map<String, MemorySegment> entries;
    private final String root;

    /** The names that were passed over; null where they are refused. */
    private final Set<String> passedOver;

    /**
     * @param entries the archive
     * @param root the folder of the archive in which the storages lie
     * @param passedOver receives the names of what is not known; null to refuse it
     */
    TorchObjects(Map<String, MemorySegment> entries, String root, Set<String> passedOver) {
        this.entries = entries;
        this.root = root;
        this.passedOver = passedOver;
    }

    @Override
    public boolean passesOver() {
        return passedOver != null;
    }

    @Override
    public Object named(String module, String name) throws RefusedException {
        String full = module + "." + name;
        Object known = NAMES.get(full);
        if (known != null) return known;
        if (!passesOver()) {
            throw new RefusedException("asks for " + printable(full)
                    + ", which no state dict needs; refused, nothing was run; where you trust the file, save its state"
                    + " dict alone");
        }
        String shown = printable(full);
        if (passedOver.size() < MAX_PASSED_OVER) passedOver.add(shown);
        return new Unmade(shown);
    }

    @Override
    public Object call(Object function, List<Object> arguments) throws RefusedException {
        if (passesOver()) {
            if (function instanceof Unmade unknown) return unknown.instance();
            // Of a type that is not known, or with a state that only the class itself understands.
            boolean isKnown = switch (function) {
                case Function.ORDERED_DICT -> arguments.isEmpty();
                case Function.REBUILD_TENSOR, Function.REBUILD_PARAMETER ->
                    arguments.isEmpty() || !(arguments.getFirst() instanceof Unmade);
                case null, default -> false;
            };
            if (!isKnown) return new Unmade("an object");
        }
        return switch (function) {
            case Function.ORDERED_DICT -> orderedDict(arguments);
            case Function.REBUILD_TENSOR -> tensor(arguments);
            case Function.REBUILD_PARAMETER -> parameter(arguments);
            case null, default -> throw new RefusedException("calls what cannot be called");
        };
    }

    @Override
    public Object persistent(Object id) throws RefusedException {
        if (passesOver()
                && id instanceof Tuple(List<Object> parts)
                && parts.size() == 5
                && parts.get(1) instanceof Unmade type) {
            return type.instance();
        }
        if (!(id instanceof Tuple(List<Object> items))
                || items.size() != 5
                || !"storage".equals(items.get(0))
                || !(items.get(1) instanceof DType dtype)
                || !(items.get(2) instanceof String key)
                || !(items.get(4) instanceof Long elements)) {
            throw new RefusedException("refers to something that is not a storage");
        }
        MemorySegment data = entries.get(root + "data/" + key);
        if (data == null) throw new RefusedException("storage " + printable(key) + " is not in the archive");
        if (elements < 0 || data.byteSize() % width(dtype) != 0 || elements != data.byteSize() / width(dtype)) {
            throw new RefusedException("storage " + key + ": " + elements + " elements of " + dtype
                    + " expected, the archive has " + data.byteSize() + " bytes");
        }
        return new Storage(dtype, data);
    }

    private static Object orderedDict(List<Object> arguments) throws RefusedException {
        if (!arguments.isEmpty()) throw new RefusedException("makes an OrderedDict that is not empty at first");
        return new LinkedHashMap<>(0);
    }

    private static TorchTensor tensor(List<Object> arguments) throws RefusedException {
        if (arguments.size() < 4
                || !(arguments.get(0) instanceof Storage storage)
                || !(arguments.get(1) instanceof Long offset)) {
            throw new RefusedException("rebuilds a tensor of something that is not a storage and an offset");
        }
        long[] shape = numbers("size", arguments.get(2));
        long[] strides = numbers("stride", arguments.get(3));
        if (shape.length != strides.length) {
            throw new RefusedException("tensor has " + shape.length + " sizes and " + strides.length + " strides");
        }
        if (offset < 0) throw new RefusedException("tensor begins at element " + offset + " of its storage");
        TorchTensor tensor = new TorchTensor(storage, offset, shape, strides);
        boolean fits;
        try {
            tensor.bytes();
            fits = tensor.fits();
        } catch (ArithmeticException e) {
            fits = false;
        }
        if (!fits) throw new RefusedException("tensor reaches past its storage of " + storage.elements() + " elements");
        return tensor;
    }

    private static TorchTensor parameter(List<Object> arguments) throws RefusedException {
        if (arguments.isEmpty() || !(arguments.get(0) instanceof TorchTensor tensor)) {
            throw new RefusedException("rebuilds a parameter of something that is not a tensor");
        }
        return tensor;
    }

    private static long[] numbers(String what, Object value) throws RefusedException {
        if (!(value instanceof Tuple(List<Object> items))) {
            throw new RefusedException("tensor's " + what + " is not a tuple");
        }
        if (items.size() > Shapes.MAX_RANK) throw new RefusedException("tensor has " + items.size() + " dimensions");
        long[] numbers = new long[items.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(items.get(i) instanceof Long number) || number < 0) {
                throw new RefusedException("tensor's " + what + " is not made of integers from 0");
            }
            numbers[i] = number;
        }
        return numbers;
    }

    private static int width(DType dtype) {
        return dtype.bits() / Byte.SIZE;
    }

    /** Names are the attacker's: no control characters in a message, and no more than a line. */
    private static String printable(String name) {
        String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
