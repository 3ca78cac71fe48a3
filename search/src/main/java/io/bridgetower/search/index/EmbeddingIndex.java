package io.bridgetower.search.index;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * An index to search: unit vectors of images and captions, as an {@link EmbeddingIndexWriter} committed them, in this
 * process or another. Searches see the last commit before {@link #open} or {@link #refresh}.
 *
 * <p>Safe for use by several threads at once. Owns open files until {@link #close}.
 */
public final class EmbeddingIndex implements AutoCloseable {
    /**
     * Fewer vectors than this are all compared: that takes no longer than a walk through their graph, and nothing is
     * missed.
     */
    static final int EXACT_BELOW = 50_000;

    /** Candidates that a walk through the graph keeps at the least: more find more of the true neighbours. */
    private static final int BREADTH = 200;

    private final IndexFiles index;
    private final IndexManifest manifest;
    private final boolean hasOwnRoot;
    private volatile ImageRoot root;
    private final Directory files;
    private final SearcherManager searchers;

    private EmbeddingIndex(
            IndexFiles index, IndexManifest manifest, Path imageRoot, Directory files, SearcherManager searchers)
            throws IOException {
        this.index = index;
        this.manifest = manifest;
        this.hasOwnRoot = imageRoot != null;
        this.root = hasOwnRoot ? new ImageRoot(imageRoot) : manifest.root(index.manifest());
        this.files = files;
        this.searchers = searchers;
    }

    /** As {@link #open(Path, IndexModel, Path)}, for images that lie where they were indexed. */
    public static EmbeddingIndex open(Path directory, IndexModel model) throws IOException {
        return open(directory, model, null);
    }

    /**
     * Opens an index. Damage to its large files may remain unnoticed until a search reads them; {@link #verify} finds it.
     *
     * @param model whose vectors the queries will be
     * @param imageRoot the directory that stored paths of images are relative to, where the images have moved; null
     *     for the one that the index was written with
     * @throws MalformedFileException if the index is damaged, or holds vectors of another model
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IllegalArgumentException if the root is not absolute
     * @throws IOException if it cannot be read
     */
    public static EmbeddingIndex open(Path directory, IndexModel model, Path imageRoot) throws IOException {
        IndexFiles index = new IndexFiles(directory);
        IndexManifest manifest = index.readManifest();
        manifest.check(index.manifest(), model);
        if (!index.hasCommits()) {
            throw index.damaged(null);
        }
        Directory files = FSDirectory.open(index.lucene());
        try {
            SearcherManager searchers = index.searcher(files);
            try {
                return new EmbeddingIndex(index, manifest, imageRoot, files, searchers);
            } catch (IOException | RuntimeException e) {
                searchers.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** What made the vectors. */
    public IndexModel model() {
        return manifest.model();
    }

    /**
     * The images whose vectors are nearest.
     *
     * @param vector a query's, of length 1
     * @param k how many at the most
     * @return the nearest first; those that are as near as each other in the order of their names
     * @throws MalformedFileException if the index turns out to be damaged
     * @throws IllegalArgumentException if the vector has another width or length, or {@code k} is less than 1
     * @throws IllegalStateException if the index is closed
     * @throws IOException if the files cannot be read
     */
    public List<Hit<IndexedImage>> images(float[] vector, int k, Scan scan) throws IOException {
        return search(Kind.IMAGE, IndexedImage.class, vector, k, scan);
    }

    /** The captions whose vectors are nearest; as {@link #images}. */
    public List<Hit<Caption>> captions(float[] vector, int k, Scan scan) throws IOException {
        return search(Kind.CAPTION, Caption.class, vector, k, scan);
    }

    /** How many images there are. */
    public long imageCount() throws IOException {
        return count(Kind.IMAGE);
    }

    /** How many captions there are. */
    public long captionCount() throws IOException {
        return count(Kind.CAPTION);
    }

    /** Lets searches that start from now on see what has been committed; those that are running end as they began. */
    public void refresh() throws IOException {
        index.access(() -> {
            searchers.maybeRefreshBlocking();
            return null;
        });
        if (!hasOwnRoot) root = index.readManifest().root(index.manifest());
    }

    /**
     * Reads all of what searches see now, and holds every byte against its checksum: some seconds for each gigabyte.
     *
     * @throws MalformedFileException if the index is damaged
     * @throws IllegalStateException if the index is closed
     * @throws IOException if it cannot be read
     */
    public void verify() throws IOException {
        index.verify(searchers);
    }

    /** Closes the files, when running searches have ended. Closing again does nothing. */
    @Override
    public void close() throws IOException {
        searchers.close();
        files.close();
    }

    private <T extends Item> List<Hit<T>> search(Kind kind, Class<T> type, float[] vector, int k, Scan scan)
            throws IOException {
        if (k < 1) throw new IllegalArgumentException("k: expected 1 or more, found " + k);
        UnitVector.checked(vector, model().width());
        return index.access(() -> found(kind, type, vector, k, scan));
    }

    private <T extends Item> List<Hit<T>> found(Kind kind, Class<T> type, float[] vector, int k, Scan scan)
            throws IOException {
        IndexSearcher searcher = searchers.acquire();
        try {
            int count = searcher.count(kind.all());
            List<Hit<T>> hits = new ArrayList<>();
            for (ScoreDoc found : nearest(searcher, kind.field(), vector, Math.min(k, count), count, scan)) {
                Item item = kind.item(searcher.storedFields().document(found.doc), root);
                hits.add(new Hit<>(type.cast(item), 2.0 * found.score - 1));
            }
            hits.sort(Comparator.comparingDouble((Hit<T> hit) -> -hit.similarity())
                    .thenComparing(hit -> hit.item().toString()));
            return hits;
        } finally {
            searchers.release(searcher);
        }
    }

    private static ScoreDoc[] nearest(IndexSearcher searcher, String field, float[] vector, int k, int count, Scan scan)
            throws IOException {
        if (k == 0) return new ScoreDoc[0];
        if (scan == Scan.EXACT || count < EXACT_BELOW) return ExactScan.search(searcher, field, vector, k);
        return searcher.search(new KnnFloatVectorQuery(field, vector, Math.max(BREADTH, 2 * k)), k).scoreDocs;
    }

    private long count(Kind kind) throws IOException {
        return index.access(() -> {
            IndexSearcher searcher = searchers.acquire();
            try {
                return (long) searcher.count(kind.all());
            } finally {
                searchers.release(searcher);
            }
        });
    }
}
