package io.bridgetower.search;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Changes an index, or begins one. What has been committed survives the death of the process; what has not is as if it
 * had never been. An index has one writer at a time, among all processes, and any number of {@link EmbeddingIndex}es that
 * search it meanwhile.
 *
 * <p>Safe for use by several threads at once.
 */
public final class EmbeddingIndexWriter implements AutoCloseable {
    /** What Lucene allows. */
    private static final int MOST_ELEMENTS = KnnVectorsFormat.DEFAULT_MAX_DIMENSIONS;

    private final IndexFiles index;
    private final IndexModel model;
    private final Directory files;
    private final IndexWriter writer;
    private final SearcherManager committed;

    private EmbeddingIndexWriter(
            IndexFiles index, IndexModel model, Directory files, IndexWriter writer, SearcherManager committed) {
        this.index = index;
        this.model = model;
        this.files = files;
        this.writer = writer;
        this.committed = committed;
    }

    /**
     * Opens an index, or begins one in a directory that is empty or not there.
     *
     * @param model whose vectors will be added
     * @throws MalformedFileException if the index is damaged, or holds vectors of another model
     * @throws java.nio.file.NoSuchFileException if the directory holds something else
     * @throws java.nio.file.FileSystemException if another writer is open
     * @throws IllegalArgumentException if the vectors are too wide for Lucene
     * @throws IOException if nothing can be read or written there
     */
    public static EmbeddingIndexWriter open(Path directory, IndexModel model) throws IOException {
        if (model.width() > MOST_ELEMENTS) {
            throw new IllegalArgumentException(
                    "width of vectors: expected at most " + MOST_ELEMENTS + ", found " + model.width());
        }
        IndexFiles index = new IndexFiles(directory);
        if (index.isVacant()) {
            Files.createDirectories(directory);
            new IndexManifest(model, 0, 0).write(index.manifest());
        }
        IndexManifest manifest = index.readManifest();
        manifest.check(index.manifest(), model);
        if (!index.hasCommits() && manifest.pictures() + manifest.captions() > 0) {
            throw index.damaged(null);
        }
        Directory files = FSDirectory.open(index.lucene());
        try {
            IndexWriter writer =
                    index.opened(() -> new IndexWriter(files, new IndexWriterConfig().setCommitOnClose(false)));
            try {
                writer.commit();
                return new EmbeddingIndexWriter(index, model, files, writer, index.searcher(files));
            } catch (IOException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** What makes the vectors. */
    public IndexModel model() {
        return model;
    }

    /** Whether the item was in the index when it was opened or committed last: the same path, size and time, or text. */
    public boolean holds(Item item) throws IOException {
        IndexSearcher searcher = committed.acquire();
        try {
            ScoreDoc[] found = searcher.search(new TermQuery(Kind.id(item)), 1).scoreDocs;
            if (found.length == 0) return false;
            return Kind.of(item)
                    .item(searcher.storedFields().document(found[0].doc))
                    .equals(item);
        } finally {
            committed.release(searcher);
        }
    }

    /**
     * Adds an item, in the place of one of the same path or text.
     *
     * @param vector its own, of length 1; copied
     * @throws IllegalArgumentException if the vector has another width or length
     * @throws IllegalStateException if the writer is closed
     */
    public void add(Item item, float[] vector) throws IOException {
        float[] copy = UnitVector.checked(vector, model.width()).clone();
        index.written(() -> writer.updateDocument(Kind.id(item), Kind.document(item, copy)));
    }

    /** Removes an item, known by its path or text, if it is there. */
    public void remove(Item item) throws IOException {
        index.written(() -> writer.deleteDocuments(Kind.id(item)));
    }

    /**
     * Removes pictures from those that were in the index when it was opened or committed last.
     *
     * @return how many
     */
    public long removePictures(Predicate<Picture> unwanted) throws IOException {
        List<Picture> found = new ArrayList<>();
        IndexSearcher searcher = committed.acquire();
        try {
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) collect(leaf, unwanted, found);
        } finally {
            committed.release(searcher);
        }
        for (Picture picture : found) remove(picture);
        return found.size();
    }

    /** Makes all changes since the last commit last, and lets new and refreshed indexes see them. */
    public synchronized void commit() throws IOException {
        index.written(writer::commit);
        committed.maybeRefreshBlocking();
        IndexSearcher searcher = committed.acquire();
        try {
            new IndexManifest(model, searcher.count(Kind.PICTURE.all()), searcher.count(Kind.CAPTION.all()))
                    .write(index.manifest());
        } finally {
            committed.release(searcher);
        }
    }

    /** Gives up changes that are not committed and lets others write. Closing again does nothing. */
    @Override
    public void close() throws IOException {
        committed.close();
        writer.close();
        files.close();
    }

    private static void collect(LeafReaderContext leaf, Predicate<Picture> unwanted, List<Picture> found)
            throws IOException {
        FloatVectorValues vectors = leaf.reader().getFloatVectorValues(Kind.PICTURE.field());
        if (vectors == null) return;
        StoredFields stored = leaf.reader().storedFields();
        KnnVectorValues.DocIndexIterator documents = vectors.iterator();
        for (int i = documents.nextDoc(); i != DocIdSetIterator.NO_MORE_DOCS; i = documents.nextDoc()) {
            if (leaf.reader().getLiveDocs() != null
                    && !leaf.reader().getLiveDocs().get(i)) continue;
            Picture picture = (Picture) Kind.PICTURE.item(stored.document(i));
            if (unwanted.test(picture)) found.add(picture);
        }
    }
}
