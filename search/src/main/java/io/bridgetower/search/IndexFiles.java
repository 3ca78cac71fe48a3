package io.bridgetower.search;

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
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;

/** What lies in the directory of an index: {@code manifest.json}, and Lucene's files in {@code lucene/}. */
record IndexFiles(Path directory) {
    /** Opens or changes something of Lucene's. */
    interface Opener<T> {
        T open() throws IOException;
    }

    Path manifest() {
        return directory.resolve("manifest.json");
    }

    Path lucene() {
        return directory.resolve("lucene");
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
            return files.allMatch(file -> AtomicFile.isLeftover(file, manifest()));
        }
    }

    /** Whether Lucene has ever committed anything here. */
    boolean hasCommits() throws IOException {
        if (!Files.isDirectory(lucene())) return false;
        try (Stream<Path> files = Files.list(lucene())) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("segments_"));
        }
    }

    /** A searcher of the last commit, every byte of which has been held against its checksum. */
    SearcherManager searcher(Directory files) throws IOException {
        return opened(() -> {
            SearcherManager manager = new SearcherManager(files, null);
            try {
                checkIntegrity(manager);
                return manager;
            } catch (IOException | RuntimeException e) {
                manager.close();
                throw e;
            }
        });
    }

    /**
     * Opens what may be damaged.
     *
     * @throws MalformedFileException if Lucene says so
     * @throws FileSystemException if another process writes here
     */
    <T> T opened(Opener<T> opener) throws IOException {
        try {
            return opener.open();
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
    <T> T written(Opener<T> writing) throws IOException {
        try {
            return writing.open();
        } catch (IOException e) {
            throw AtomicFile.named(directory, e);
        }
    }

    /** @param cause null if there is none */
    MalformedFileException damaged(Exception cause) {
        return new MalformedFileException(
                lucene(), null, "damaged, incomplete or of another version: index anew", cause);
    }

    private static void checkIntegrity(SearcherManager manager) throws IOException {
        IndexSearcher searcher = manager.acquire();
        try {
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves())
                leaf.reader().checkIntegrity();
        } finally {
            manager.release(searcher);
        }
    }
}
