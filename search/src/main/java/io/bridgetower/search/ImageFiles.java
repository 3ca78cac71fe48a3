package io.bridgetower.search;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Finds image files. */
public final class ImageFiles {
    private static final Pattern NAME =
            Pattern.compile(".*\\.(jpe?g|png|gif|bmp|tiff?|webp|p[bgnp]m)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private ImageFiles() {}

    /**
     * The files among {@code roots}, with any name, and those below the directories among them whose names end as
     * those of images do. Links to directories are not followed below a root.
     *
     * @param skipped is told what cannot be looked into
     * @return absolute paths, each once, sorted
     * @throws NoSuchFileException if a root is not there
     * @throws IOException if a root is neither a file nor a directory
     */
    public static List<Path> below(Collection<Path> roots, Consumer<Skipped> skipped) throws IOException {
        SortedSet<Path> found = new TreeSet<>();
        for (Path root : roots) {
            if (!Files.exists(root)) throw new NoSuchFileException(root.toString());
            if (Files.isDirectory(root)) {
                Files.walkFileTree(root.toRealPath(), new Visitor(found, skipped));
            } else if (Files.isRegularFile(root)) {
                found.add(real(root));
            } else {
                throw new FileSystemException(root.toString(), null, "expected an image or a directory");
            }
        }
        return List.copyOf(found);
    }

    /**
     * The nearest directory that holds all of {@code roots}: a directory among them holds itself.
     *
     * @return a real path; null if there is none
     * @throws IOException if a root is not there or cannot be looked at
     */
    public static Path base(Collection<Path> roots) throws IOException {
        Path base = null;
        for (Path root : roots) {
            Path directory =
                    Files.isDirectory(root) ? root.toRealPath() : real(root).getParent();
            if (base == null) base = directory;
            while (base != null && !directory.startsWith(base)) base = base.getParent();
            if (base == null) return null;
        }
        return base;
    }

    /** The path of a file in the real path of its directory; the file itself may be a link. */
    private static Path real(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.getParent().toRealPath().resolve(absolute.getFileName());
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final SortedSet<Path> found;
        private final Consumer<Skipped> skipped;

        Visitor(SortedSet<Path> found, Consumer<Skipped> skipped) {
            this.found = found;
            this.skipped = skipped;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // A link that leads nowhere is found, to be told as one that cannot be read.
            boolean isFile = attributes.isRegularFile()
                    || attributes.isSymbolicLink() && (Files.isRegularFile(file) || Files.notExists(file));
            if (isFile && NAME.matcher(file.getFileName().toString()).matches()) found.add(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            skipped.accept(new Skipped(file.toString(), e));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e) {
            if (e != null) skipped.accept(new Skipped(directory.toString(), e));
            return FileVisitResult.CONTINUE;
        }
    }
}
