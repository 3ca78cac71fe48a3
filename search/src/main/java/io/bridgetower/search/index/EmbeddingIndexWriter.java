package io.bridgetower.search.index;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Changes an index, or begins one. What has been committed survives the death of the process; what has not is as if it
 * had never been. Where the last writer was not closed, because its process died, the next one first holds all that has
 * been committed against its checksums. An index has one writer at a time, among all processes, and any number of
 * {@link EmbeddingIndex}es that search it meanwhile.
 *
 * <p>Safe for use by several threads at once.
 */
public final class EmbeddingIndexWriter implements AutoCloseable {
    /** What Lucene allows. */
    private static final int MAX_ELEMENTS = KnnVectorsFormat.DEFAULT_MAX_DIMENSIONS;

    private final IndexFiles index;
    private final IndexModel model;
    private final ImageRoot root;
    private final Directory files;
    private final IndexWriter writer;
    private final SearcherManager committed;

    private EmbeddingIndexWriter(
            IndexFiles index,
            IndexModel model,
            ImageRoot root,
            Directory files,
            IndexWriter writer,
            SearcherManager committed) {
        this.index = index;
        this.model = model;
        this.root = root;
        this.files = files;
        this.writer = writer;
        this.committed = committed;
    }

    /** As {@link #open(Path, IndexModel, Path)}, with the root that the index has, or none. */
    public static EmbeddingIndexWriter open(Path directory, IndexModel model) throws IOException {
        return open(directory, model, null);
    }

    /**
     * Opens an index, or begins one in a directory that is empty or not there.
     *
     * @param model whose vectors will be added
     * @param imageRoot the directory that images are stored relative to from now on, and where images are that were
     *     stored relative to another one; null for the one that the index has, or none
     * @throws MalformedFileException if the index is damaged, or holds vectors of another model
     * @throws java.nio.file.NoSuchFileException if the directory holds something else
     * @throws java.nio.file.FileSystemException if another writer is open
     * @throws IllegalArgumentException if the vectors are too wide for Lucene, or the root is not absolute
     * @throws IOException if nothing can be read or written there
     */
    public static EmbeddingIndexWriter open(Path directory, IndexModel model, Path imageRoot) throws IOException {
        if (model.width() > MAX_ELEMENTS) {
            throw new IllegalArgumentException(
                    "width of vectors: expected at most " + MAX_ELEMENTS + ", found " + model.width());
        }
        ImageRoot given = new ImageRoot(imageRoot);
        IndexFiles index = new IndexFiles(directory);
        // Something else, or an index that has lost its commits, is refused before anything is made there.
        if (!index.isVacant()) readManifest(index, model);
        Files.createDirectories(directory);
        Directory files = FSDirectory.open(index.lucene());
        try {
            IndexWriter writer = index.access(() -> new IndexWriter(files, config()));
            try {
                // Until the writer had the lock, others may have begun or changed the index.
                if (index.isVacant()) manifest(model, given, 0, 0).write(index.manifest());
                IndexManifest manifest = readManifest(index, model);
                ImageRoot root = imageRoot == null ? manifest.root(index.manifest()) : given;
                SearcherManager committed = begin(index, files, writer);
                if (imageRoot != null) {
                    manifest(model, root, manifest.images(), manifest.captions())
                            .write(index.manifest());
                }
                return new EmbeddingIndexWriter(index, model, root, files, writer, committed);
            } catch (IOException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static IndexManifest readManifest(IndexFiles index, IndexModel model) throws IOException {
        IndexManifest manifest = index.readManifest();
        manifest.check(index.manifest(), model);
        if (!index.hasCommits() && manifest.images() + manifest.captions() > 0) throw index.damaged(null);
        return manifest;
    }

    private static IndexWriterConfig config() {
        return new IndexWriterConfig().setCommitOnClose(false).setMergeScheduler(new ConcurrentMergeScheduler() {
            /** The writer keeps the failure, which the next call reports; the thread need not print it too. */
            @Override
            protected void handleMergeException(Throwable e) {}
        });
    }

    /** What there is, after it has been verified if need be. */
    private static SearcherManager begin(IndexFiles index, Directory files, IndexWriter writer) throws IOException {
        boolean unclean = index.isUnclean();
        index.beginWriting();
        writer.commit();
        SearcherManager committed = index.searcher(files);
        try {
            if (unclean) index.verify(committed);
            return committed;
        } catch (IOException | RuntimeException e) {
            committed.close();
            throw e;
        }
    }

    private static IndexManifest manifest(IndexModel model, ImageRoot root, long images, long captions) {
        String directory = root.directory() == null ? null : root.directory().toString();
        return new IndexManifest(model, directory, images, captions);
    }

    /** What makes the vectors. */
    public IndexModel model() {
        return model;
    }

    /** Whether the item was in the index when it was opened or committed last: the same path, size and time, or text. */
    public boolean holds(Item item) throws IOException {
        return reading(searcher -> {
            for (Term id : Kind.ids(item, root)) {
                for (ScoreDoc found : searcher.search(new TermQuery(id), 1).scoreDocs) {
                    Document document = searcher.storedFields().document(found.doc);
                    if (Kind.of(item).item(document, root).equals(item)) return true;
                }
            }
            return false;
        });
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
        List<Term> ids = Kind.ids(item, root);
        writing(() -> {
            writer.updateDocument(ids.getFirst(), Kind.document(item, root, copy));
            return writer.deleteDocuments(ids.subList(1, ids.size()).toArray(Term[]::new));
        });
    }

    /** Removes an item, known by its path or text, if it is there. */
    public void remove(Item item) throws IOException {
        writing(() -> writer.deleteDocuments(Kind.ids(item, root).toArray(Term[]::new)));
    }

    /**
     * Removes images from those that were in the index when it was opened or committed last.
     *
     * @return how many
     */
    public long removeImages(Predicate<IndexedImage> unwanted) throws IOException {
        List<IndexedImage> found = new ArrayList<>();
        IndexSearcher searcher = committed.acquire();
        try {
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) collect(leaf, unwanted, found);
        } finally {
            committed.release(searcher);
        }
        for (IndexedImage image : found) remove(image);
        return found.size();
    }

    /** Makes all changes since the last commit last, and lets new and refreshed indexes see them. */
    public synchronized void commit() throws IOException {
        writing(writer::commit);
        index.access(committed::maybeRefresh);
        reading(searcher -> manifest(model, root, searcher.count(Kind.IMAGE.all()), searcher.count(Kind.CAPTION.all())))
                .write(index.manifest());
    }

    /** Gives up changes that are not committed and lets others write. Closing again does nothing. */
    @Override
    public void close() throws IOException {
        committed.close();
        // Before the lock is given up, for the next writer makes its own.
        if (writer.isOpen()) index.endWriting();
        writer.close();
        files.close();
    }

    /** Reads from what has been committed. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(IndexSearcher searcher) throws IOException;
    }

    private <T> T reading(Reading<T> reading) throws IOException {
        return index.access(() -> {
            IndexSearcher searcher = committed.acquire();
            try {
                return reading.from(searcher);
            } finally {
                committed.release(searcher);
            }
        });
    }

    /** Changes the index. Lucene closes the writer after a failure, of a thread that merges for example; that is told. */
    private void writing(IndexFiles.Access<?> change) throws IOException {
        try {
            index.written(change);
        } catch (IllegalStateException e) {
            if (!(writer.getTragicException() instanceof Exception failure)) throw e;
            index.access(() -> {
                if (failure instanceof IOException io) throw io;
                throw new IllegalStateException(failure);
            });
        }
    }

    private void collect(LeafReaderContext leaf, Predicate<IndexedImage> unwanted, List<IndexedImage> found)
            throws IOException {
        FloatVectorValues vectors = leaf.reader().getFloatVectorValues(Kind.IMAGE.field());
        if (vectors == null) return;
        StoredFields stored = leaf.reader().storedFields();
        KnnVectorValues.DocIndexIterator documents = vectors.iterator();
        for (int i = documents.nextDoc(); i != DocIdSetIterator.NO_MORE_DOCS; i = documents.nextDoc()) {
            if (leaf.reader().getLiveDocs() != null
                    && !leaf.reader().getLiveDocs().get(i)) continue;
            int document = i;
            IndexedImage image = (IndexedImage) index.access(() -> Kind.IMAGE.item(stored.document(document), root));
            if (unwanted.test(image)) found.add(image);
        }
    }
}
