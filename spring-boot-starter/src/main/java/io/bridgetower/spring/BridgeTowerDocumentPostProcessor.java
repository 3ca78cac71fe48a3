package io.bridgetower.spring;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;

/**
 * Orders documents by the probability that the query describes their image, the best first, and makes it their score. Reads
 * query and image together, which is slower and more exact than comparing vectors, so rank what a search has found. The
 * texts of documents have no influence.
 *
 * <p>Safe for use by several threads at once.
 */
public final class BridgeTowerDocumentPostProcessor implements DocumentPostProcessor {
    private final Documents documents;
    private final int topN;

    BridgeTowerDocumentPostProcessor(Documents documents, int topN) {
        this.documents = documents;
        this.topN = topN == 0 ? Integer.MAX_VALUE : topN;
    }

    /**
     * Ranks documents.
     *
     * @throws IllegalArgumentException if a document has no image, or one that cannot be read, which names the document; or if the
     *     query has more tokens than the model reads
     * @throws UnsupportedOperationException if the checkpoint has no matching head
     */
    @Override
    public List<Document> process(Query query, List<Document> found) {
        List<Double> scores = documents.match(query.text(), found);
        return IntStream.range(0, found.size())
                .mapToObj(i -> found.get(i).mutate().score(scores.get(i)).build())
                .sorted(Comparator.comparing(Document::getScore, Comparator.reverseOrder()))
                .limit(topN)
                .toList();
    }
}
