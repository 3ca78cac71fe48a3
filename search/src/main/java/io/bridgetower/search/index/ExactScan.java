package io.bridgetower.search.index;

import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.util.Bits;

/** The nearest of all vectors of a field. */
final class ExactScan {
    private static final Comparator<ScoreDoc> WORST_FIRST =
            Comparator.comparingDouble((ScoreDoc found) -> found.score).thenComparing(found -> -found.doc);

    private final float[] vector;
    private final int k;
    private final PriorityQueue<ScoreDoc> best = new PriorityQueue<>(WORST_FIRST);

    private ExactScan(float[] vector, int k) {
        this.vector = vector;
        this.k = k;
    }

    /** At most {@code k} documents, in no order. */
    static ScoreDoc[] search(IndexSearcher searcher, String field, float[] vector, int k) throws IOException {
        ExactScan scan = new ExactScan(vector, k);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) scan.add(leaf.reader(), leaf.docBase, field);
        return scan.best.toArray(ScoreDoc[]::new);
    }

    private void add(LeafReader leaf, int base, String field) throws IOException {
        FloatVectorValues vectors = leaf.getFloatVectorValues(field);
        if (vectors == null || vectors.size() == 0) return;
        Bits live = leaf.getLiveDocs();
        VectorScorer scorer = vectors.scorer(vector);
        DocIdSetIterator documents = scorer.iterator();
        for (int document = documents.nextDoc();
                document != DocIdSetIterator.NO_MORE_DOCS;
                document = documents.nextDoc()) {
            if (live == null || live.get(document)) add(new ScoreDoc(base + document, scorer.score()));
        }
    }

    private void add(ScoreDoc found) {
        if (best.size() == k) {
            if (WORST_FIRST.compare(found, best.peek()) < 0) return;
            best.remove();
        }
        best.add(found);
    }
}
