package io.bridgetower;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images or texts in the order in which they match a text or an image.
 *
 * @param places the best first; of equal ones, the one that was given first
 */
public record Ranking(List<Place> places) implements Iterable<Ranking.Place> {
    /**
     * A place in the order.
     *
     * @param index of the image or text in the list that was ranked, from 0
     * @param probability that it matches, from 0 to 1
     */
    public record Place(int index, double probability) {}

    /** Copies the places. */
    public Ranking {
        places = List.copyOf(places);
    }

    /** Ranks what the scores are of, at the same indices. */
    static Ranking of(List<Score> scores) {
        return new Ranking(IntStream.range(0, scores.size())
                .mapToObj(i -> new Place(i, scores.get(i).probability()))
                .sorted(Comparator.comparingDouble(Place::probability).reversed())
                .toList());
    }

    /**
     * The best place.
     *
     * @throws java.util.NoSuchElementException if nothing was ranked
     */
    public Place best() {
        return places.getFirst();
    }

    @Override
    public Iterator<Place> iterator() {
        return places.iterator();
    }
}
