package io.bridgetower.cli.search;

import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.search.Proposer;
import io.bridgetower.search.Ranking;
import io.bridgetower.search.Reranker;
import io.bridgetower.search.Skipped;
import io.bridgetower.search.index.Caption;
import io.bridgetower.search.index.Hit;
import io.bridgetower.search.index.IndexedImage;
import io.bridgetower.search.index.Item;
import io.bridgetower.search.index.Scan;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Searches an index in one stage or two. */
final class Searcher {
    private final Proposer proposer;
    private final Reranker reranker;
    private final int proposals;
    private final Scan scan;
    private final Consumer<Skipped> skipped;

    /**
     * @param reranker null for one stage
     * @param proposals how many the first stage finds
     * @param skipped is told which of them cannot be read
     */
    Searcher(Proposer proposer, Reranker reranker, int proposals, Scan scan, Consumer<Skipped> skipped) {
        this.proposer = proposer;
        this.reranker = reranker;
        this.proposals = proposals;
        this.scan = scan;
        this.skipped = skipped;
    }

    /** The best first. */
    List<Found> images(String text) throws IOException {
        List<Hit<IndexedImage>> hits = proposer.images(text, proposals, scan);
        return reranker == null ? found(hits) : found(reranker.images(text, hits));
    }

    /** The best first. */
    List<Found> captions(RgbImage image) throws IOException {
        List<Hit<Caption>> hits = proposer.captions(image, proposals, scan);
        return reranker == null ? found(hits) : found(reranker.captions(image, hits));
    }

    private static <T extends Item> List<Found> found(List<Hit<T>> hits) {
        return hits.stream().map(Found::of).toList();
    }

    private <T extends Item> List<Found> found(Ranking<T> ranking) {
        ranking.skipped().forEach(skipped);
        return ranking.ranked().stream().map(Found::of).toList();
    }
}
