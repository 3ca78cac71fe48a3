package io.bridgetower.model.checkpoint.torch;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.torch.PickleObjects.RefusedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the opcodes of a pickle (Python's {@code pickletools}, protocols 2 to 5) that a dictionary of tensors needs, and
 * refuses all others. Values become null, Boolean, Long, Double, String, {@link Tuple}, {@link List}, {@link Map}, and
 * what {@link PickleObjects} makes. Not recursive, so nesting costs no stack; the heap that a pickle takes is bounded.
 */
final class PickleReader {
    /** Values that cannot be changed once they are made. */
    record Tuple(List<Object> items) {}

    private static final int MAX_PROTOCOL = 5;
    private static final int MAX_NAME = 4096;
    private static final int MAX_STRING = 1 << 20;

    /** Heap that a pickle may fill. A tensor takes up to two KB of it, mostly until the pickle is read. */
    private static final long MAX_KEPT = 40 << 20;

    private static final int KEPT_PER_VALUE = 24;
    private static final int KEPT_PER_CONTAINER = 64;
    private static final int KEPT_PER_ITEM = 48;

    private final Path file;
    private final String entry;
    private final MemorySegment bytes;
    private final PickleObjects objects;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private long position;
    private long opcodeAt;
    private long kept;

    /**
     * @param file named in complaints
     * @param entry the place in the file, named in complaints
     * @param bytes the pickle
     */
    PickleReader(Path file, String entry, MemorySegment bytes, PickleObjects objects) {
        this.file = file;
        this.entry = entry;
        this.bytes = bytes;
        this.objects = objects;
    }

    /** The value that the pickle describes. */
    Object read() throws MalformedFileException {
        while (true) {
            opcodeAt = position;
            int opcode = u8();
            if (opcode == '.') return pop();
            try {
                run(opcode);
            } catch (RefusedException e) {
                throw malformed(e.getMessage());
            }
        }
    }

    private void run(int opcode) throws MalformedFileException, RefusedException {
        switch (opcode) {
            case 0x80 -> protocol(u8());
            case 0x95 -> skip(i64());
            case '(' -> mark();
            case '0' -> pop();
            case '1' -> popToMark();
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) u8());
            case 'M' -> push((long) (u8() | u8() << 8));
            case 'J' -> push((long) i32());
            case 0x8a -> push(longOf(u8()));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(i64())));
            case 'X' -> push(text(Integer.toUnsignedLong(i32())));
            case 0x8c -> push(text(u8()));
            case 0x8d -> push(text(i64()));
            case ')' -> push(new Tuple(List.of()));
            case 0x85 -> push(tuple(1));
            case 0x86 -> push(tuple(2));
            case 0x87 -> push(tuple(3));
            case 't' -> push(new Tuple(popToMark()));
            case ']' -> push(keep(new ArrayList<>(0)));
            case 'a' -> append(List.of(new Tuple(pops(1))));
            case 'e' -> append(popToMark());
            case '}' -> push(keep(new LinkedHashMap<>(0)));
            case 's' -> put(pops(2));
            case 'u' -> put(popToMark());
            case 'q' -> memoize(u8());
            case 'r' -> memoize(i32());
            case 0x94 -> memoize(memo.size());
            case 'h' -> push(memoized(u8()));
            case 'j' -> push(memoized(i32()));
            case 'c' -> push(objects.named(line(), line()));
            case 0x93 -> push(stackGlobal());
            case 'R' -> push(call());
            case 'b' -> build();
            case 'Q' -> push(keep(objects.persistent(pop())));
            default -> {
                if (!objects.passesOver() || !runOther(opcode)) throw unknown(opcode);
            }
        }
    }

    /** Opcodes that no state dict needs, but other things that a trainer saves. False if it is none of them. */
    private boolean runOther(int opcode) throws MalformedFileException, RefusedException {
        switch (opcode) {
            case '2' -> push(peek());
            case 'B', 'T' -> push(unread(Integer.toUnsignedLong(i32())));
            case 'C', 'U' -> push(unread(u8()));
            case 0x8e, 0x96 -> push(unread(i64()));
            case 0x8b -> push(unread(Integer.toUnsignedLong(i32())));
            case 0x8f -> push(keep(new Unmade("set")));
            case 0x90 -> append(popToMark());
            case 0x91 -> {
                popToMark();
                push(keep(new Unmade("frozenset")));
            }
            case 0x81 -> push(call());
            case 0x92 -> {
                pop();
                push(call());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Bytes and numbers that are too large for any use here. */
    private Unmade unread(long length) throws MalformedFileException {
        if (length < 0) throw malformed("found a value of " + Long.toUnsignedString(length) + " bytes");
        advance(length);
        return keep(new Unmade("bytes"));
    }

    private MalformedFileException unknown(int opcode) {
        return malformed("opcode 0x" + Integer.toHexString(opcode) + " is none that a state dict needs");
    }

    private void protocol(int version) throws MalformedFileException {
        if (version <= MAX_PROTOCOL) return;
        throw malformed("found pickle protocol " + version + ", expected at most " + MAX_PROTOCOL);
    }

    private void append(List<Object> items) throws MalformedFileException {
        if (peek() instanceof Unmade) return;
        if (!(peek() instanceof List<?>)) throw malformed("appends to what is not a list");
        @SuppressWarnings("unchecked") // lists on the stack are only ever made by this class
        List<Object> list = (List<Object>) peek();
        keep(items.size(), KEPT_PER_ITEM);
        list.addAll(items);
    }

    private void put(List<Object> items) throws MalformedFileException {
        if (items.size() % 2 != 0) throw malformed("sets a key of a dictionary without a value");
        Map<Object, Object> map = dictionary(peek());
        if (map == null) throw malformed("sets an item of what is not a dictionary");
        keep(items.size() / 2, KEPT_PER_ITEM);
        for (int i = 0; i < items.size(); i += 2) {
            if (objects.passesOver() && !isKey(items.get(i))) continue;
            map.put(key(items.get(i)), items.get(i + 1));
        }
    }

    /** Null if it is none. */
    @SuppressWarnings("unchecked") // maps on the stack are only ever made by this class and by the objects
    private static Map<Object, Object> dictionary(Object value) {
        return switch (value) {
            case Map<?, ?> map -> (Map<Object, Object>) map;
            case Unmade object -> object.items();
            case null, default -> null;
        };
    }

    /** Only keys whose hash code cannot go around in circles. */
    private Object key(Object key) throws MalformedFileException {
        if (isKey(key)) return key;
        throw malformed("a key of a dictionary is neither a string nor an integer");
    }

    private static boolean isKey(Object key) {
        return key instanceof String || key instanceof Long;
    }

    private Object call() throws MalformedFileException, RefusedException {
        Object given = pop();
        if (given instanceof Unmade && objects.passesOver()) given = new Tuple(List.of());
        if (!(given instanceof Tuple(List<Object> arguments))) throw malformed("calls with what is not a tuple");
        return keep(objects.call(pop(), arguments));
    }

    /** The state of an object: for a state dict its {@code _metadata}, which says nothing about the tensors. */
    private void build() throws MalformedFileException {
        Object state = pop();
        if (objects.passesOver()) {
            Map<Object, Object> attributes = dictionary(state);
            if (peek() instanceof Unmade object && attributes != null) {
                keep(attributes.size(), KEPT_PER_ITEM);
                object.items().putAll(attributes);
            }
            return;
        }
        if (!(peek() instanceof Map<?, ?>)) throw malformed("sets the state of what is not a dictionary");
    }

    private Object stackGlobal() throws MalformedFileException, RefusedException {
        List<Object> names = pops(2);
        if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
            throw malformed("looks up what is not a name");
        }
        return objects.named(module, name);
    }

    private void mark() throws MalformedFileException {
        keep(1, KEPT_PER_VALUE);
        marks.add(stack.size());
    }

    private void push(Object value) throws MalformedFileException {
        keep(1, KEPT_PER_VALUE);
        stack.add(value);
    }

    private Object peek() throws MalformedFileException {
        if (stack.size() <= floor()) throw malformed("takes a value that is not there");
        return stack.getLast();
    }

    private Object pop() throws MalformedFileException {
        Object value = peek();
        stack.removeLast();
        return value;
    }

    private List<Object> pops(int count) throws MalformedFileException {
        if (stack.size() - floor() < count) throw malformed("takes a value that is not there");
        return cut(stack.size() - count);
    }

    private List<Object> popToMark() throws MalformedFileException {
        if (marks.isEmpty()) throw malformed("takes values up to a mark that is not there");
        return cut(marks.removeLast());
    }

    private List<Object> cut(int from) throws MalformedFileException {
        List<Object> top = stack.subList(from, stack.size());
        keep(top.size(), Long.BYTES);
        List<Object> values = new ArrayList<>(top);
        top.clear();
        return values;
    }

    private Tuple tuple(int size) throws MalformedFileException {
        keep(1, KEPT_PER_CONTAINER);
        return new Tuple(pops(size));
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.getLast();
    }

    private void memoize(int index) throws MalformedFileException {
        keep(1, KEPT_PER_ITEM);
        memo.put(index, peek());
    }

    private Object memoized(int index) throws MalformedFileException {
        Object value = memo.get(index);
        if (value == null) throw malformed("takes from the memo what is not there: " + Integer.toUnsignedString(index));
        return value;
    }

    private int u8() throws MalformedFileException {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xFF;
    }

    private int i32() throws MalformedFileException {
        return bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(Integer.BYTES));
    }

    private long i64() throws MalformedFileException {
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(Long.BYTES));
    }

    private Object longOf(int length) throws MalformedFileException {
        if (length > Long.BYTES && objects.passesOver()) return unread(length);
        if (length > Long.BYTES) throw malformed("found an integer of " + length + " bytes, expected at most 8");
        if (length == 0) return 0L;
        long value = 0;
        for (int i = 0; i < length; i++) value |= (long) u8() << (Byte.SIZE * i);
        int unused = Long.SIZE - Byte.SIZE * length;
        return value << unused >> unused;
    }

    private String text(long length) throws MalformedFileException {
        if (length < 0 || length > bytes.byteSize() - position) {
            throw malformed("found a string of " + Long.toUnsignedString(length) + " bytes, the pickle has "
                    + (bytes.byteSize() - position) + " left");
        }
        if (length > MAX_STRING) throw malformed("found a string of " + length + " bytes, allowed are " + MAX_STRING);
        keep(length, 2);
        keep(1, KEPT_PER_CONTAINER);
        byte[] utf8 = bytes.asSlice(advance(length), length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("found a string that is not valid UTF-8");
        }
    }

    private String line() throws MalformedFileException {
        StringBuilder line = new StringBuilder();
        for (int c = u8(); c != '\n'; c = u8()) {
            if (line.length() == MAX_NAME) throw malformed("found a name of more than " + MAX_NAME + " bytes");
            line.append((char) c);
        }
        return line.toString();
    }

    private void skip(long frame) throws MalformedFileException {
        if (frame < 0 || frame > bytes.byteSize() - position) throw malformed("a frame runs past the pickle's end");
    }

    private long advance(long count) throws MalformedFileException {
        if (count > bytes.byteSize() - position) throw malformed("the pickle ends early");
        long at = position;
        position += count;
        return at;
    }

    private <T> T keep(T container) throws MalformedFileException {
        keep(1, KEPT_PER_CONTAINER);
        return container;
    }

    private void keep(long count, long each) throws MalformedFileException {
        kept += count * each;
        if (kept > MAX_KEPT) throw malformed("describes more than any state dict holds");
    }

    private MalformedFileException malformed(String problem) {
        return new MalformedFileException(file, entry, "byte " + opcodeAt + ": " + problem);
    }
}
