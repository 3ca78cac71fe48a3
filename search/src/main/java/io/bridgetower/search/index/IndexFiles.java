package io.bridgetower.search.index;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.MalformedFileException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;

/**
 * What lies in the directory of an index: {@code manifest.json}, Lucene's files in {@code lucene/}, and {@code writing}
 * while there is a writer, or after one has died.
 */
record IndexFiles(Path directory) {
    /** Reads or writes something of Lucene's. */
    interface Access<T> {
        T run() throws IOException;
    }

    Path manifest() {
        return directory.resolve("manifest.json");
    }

    Path lucene() {
        return directory.resolve("lucene");
    }

    private Path writing() {
        return directory.resolve("writing");
    }

    /** Whether the last writer has not been closed; to be asked by the next one. */
    boolean isUnclean() {
        return Files.exists(writing());
    }

    /** Notes that there is a writer, before it changes anything. */
    void beginWriting() throws IOException {
        AtomicFile.write(writing(), "A process writes to this index, or has ended without closing it.\n");
    }

    /** Notes that the writer has been closed. */
    void endWriting() throws IOException {
        Files.deleteIfExists(writing());
    }

    /**
     * Reads the manifest of an index.
     *
     * @throws NoSuchFileException if there is none
     */
    IndexManifest readManifest() throws IOException {
        if (!Files.exists(directory)) throw new NoSuchFileException(directory.toString(), null, "no such directory");
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + ": expected the directory of an index, found a file");
        }
        if (!Files.isRegularFile(manifest())) {
            throw new NoSuchFileException(directory.toString(), null, "is no index: there is no manifest.json in it");
        }
        return IndexManifest.read(manifest());
    }

    /** Whether an index may begin here: there is nothing yet, but for what a writer left that died at once. */
    boolean isVacant() throws IOException {
        if (!Files.exists(directory)) return true;
        if (!Files.isDirectory(directory)) return false;
        try (Stream<Path> files = Files.list(directory)) {
            return files.allMatch(file -> AtomicFile.isLeftover(file, manifest()) || file.equals(lucene()))
                    && !hasCommits();
        }
    }

    /** Whether Lucene has ever committed anything here. */
    boolean hasCommits() throws IOException {
        if (!Files.isDirectory(lucene())) return false;
        try (Stream<Path> files = Files.list(lucene())) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("segments_"));
        }
    }

    /** A searcher of the last commit. Of large files only beginning and end have been looked at. */
    SearcherManager searcher(Directory files) throws IOException {
        return access(() -> new SearcherManager(files, null));
    }

    /**
     * Holds every byte of a searcher's commit against its checksum.
     *
     * @throws MalformedFileException if one is wrong
     */
    void verify(SearcherManager manager) throws IOException {
        access(() -> {
            IndexSearcher searcher = manager.acquire();
            try {
                for (LeafReaderContext leaf : searcher.getIndexReader().leaves())
                    leaf.reader().checkIntegrity();
                return null;
            } finally {
                manager.release(searcher);
            }
        });
    }

    /**
     * Reads what may be damaged.
     *
     * @throws MalformedFileException if Lucene says so
     * @throws FileSystemException if another process writes here
     * @throws AlreadyClosedException if it is closed
     */
    <T> T access(Access<T> access) throws IOException {
        try {
            return access.run();
        } catch (AlreadyClosedException e) {
            throw e;
        } catch (LockObtainFailedException e) {
            throw new FileSystemException(directory.toString(), null, "another process is writing to this index");
        } catch (CorruptIndexException
                | IndexFormatTooNewException
                | IndexFormatTooOldException
                | FileNotFoundException
                | NoSuchFileException
                | EOFException
                | RuntimeException e) {
            throw damaged(e);
        }
    }

    /**
     * Writes something of Lucene's.
     *
     * @throws FileSystemException with the name of the index, if the disk is full or fails
     */
    <T> T written(Access<T> writing) throws IOException {
        try {
            return writing.run();
        } catch (IOException e) {
            throw AtomicFile.named(directory, e);
        }
    }

    /** @param cause null if there is none */
    MalformedFileException damaged(Exception cause) {
        return new MalformedFileException(
                lucene(), null, "damaged, incomplete or of another version: index anew", cause);
    }
}
