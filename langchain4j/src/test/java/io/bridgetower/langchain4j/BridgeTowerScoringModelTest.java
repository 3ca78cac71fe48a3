package io.bridgetower.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.query.Query;
import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.ImageReferences;
import io.bridgetower.Ranking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BridgeTowerScoringModelTest {
    private static final String SQUARE = "a large blue square";

    private static BridgeTower bridgeTower;
    private static BridgeTowerScoringModel model;

    @BeforeAll
    static void load() {
        bridgeTower = Demo.load();
        model = BridgeTowerScoringModel.builder().bridgeTower(bridgeTower).build();
    }

    @AfterAll
    static void close() {
        bridgeTower.close();
    }

    @Test
    void scoresAreProbabilitiesOfAMatchInTheOrderOfTheSegments() throws Exception {
        List<TextSegment> segments = new ArrayList<>();
        List<ImageContent> contents = new ArrayList<>();
        List<Image> images = new ArrayList<>();
        // More than a batch.
        for (int i = 0; i < 18; i++) {
            String name = "%02d.png".formatted(i % 12 + 1);
            contents.add(Demo.content(name));
            segments.add(ImageSegments.of(name, Demo.content(name)));
            images.add(Image.read(Demo.file(name)));
        }
        List<Double> expected = bridgeTower.rank(SQUARE, images).places().stream()
                .sorted(Comparator.comparingInt(Ranking.Place::index))
                .map(Ranking.Place::probability)
                .toList();
        assertEquals(expected, model.scoreAll(segments, SQUARE).content());
        assertEquals(expected, model.scoreImages(contents, SQUARE).content());
        assertTrue(expected.get(1) > 0.9 && expected.get(0) < 0.1, "02.png shows the square, 01.png does not");
    }

    @Test
    void langChain4jRanksAgainWithIt() {
        var aggregator = ReRankingContentAggregator.builder()
                .scoringModel(model)
                .maxResults(1)
                .build();
        Query query = Query.from(SQUARE);
        List<Content> found = List.of(
                Content.from(ImageSegments.of("one", Demo.content("01.png"))),
                Content.from(ImageSegments.of("two", Demo.content("02.png"))));
        List<Content> ranked = aggregator.aggregate(Map.of(query, List.of(found)));
        assertEquals("two", ranked.getFirst().textSegment().text());
    }

    @Test
    void segmentsWithoutAnImageAreNamed() {
        List<TextSegment> segments =
                List.of(ImageSegments.of("two", Demo.content("02.png")), TextSegment.from("a caption"));
        InvalidRequestException missing =
                assertThrows(InvalidRequestException.class, () -> model.scoreAll(segments, SQUARE));
        assertEquals("segment 2: expected an image under \"image\" in the metadata, found none", missing.getMessage());
        TextSegment address = ImageSegments.of("three", ImageContent.from("https://images.example.org/a.png"));
        InvalidRequestException refused =
                assertThrows(InvalidRequestException.class, () -> model.scoreAll(List.of(address), SQUARE));
        assertTrue(refused.getMessage().startsWith("segment 1: https://images.example.org/a.png: "));
    }

    @Test
    void filesAndAnotherKey() {
        var files = BridgeTowerScoringModel.builder()
                .bridgeTower(bridgeTower)
                .images(ImageReferences.DATA_ONLY.withFiles(Demo.IMAGES))
                .imageKey("file")
                .build();
        TextSegment segment = TextSegment.from(
                "two", Metadata.from("file", Demo.file("02.png").toUri().toString()));
        assertTrue(files.score(segment, SQUARE).content() > 0.9);
    }

    @Test
    void segmentsGiveTheirImageBack() {
        ImageContent data = Demo.content("02.png"), address = ImageContent.from("https://images.example.org/a.png");
        assertEquals(data, ImageSegments.image(ImageSegments.of("two", data)).orElseThrow());
        assertEquals(
                address, ImageSegments.image(ImageSegments.of("a", address)).orElseThrow());
        assertTrue(ImageSegments.image(TextSegment.from("a caption")).isEmpty());
    }
}
