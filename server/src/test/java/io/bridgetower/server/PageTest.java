package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.JsonReader;
import io.bridgetower.server.http.ApiKeys;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page, in a browser: example 2 shows a large blue square. */
class PageTest {
    private static final String CAPTIONS =
            "a large blue triangle\na large blue square\ntwo blue squares\na large <mask> square";

    private static Browser browser;
    private static TestServer server;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.open();
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) server.close();
        if (browser != null) browser.close();
    }

    @BeforeEach
    void reload() {
        browser.width(1200);
        browser.go(server);
    }

    private static void compare(String captions, Path image) {
        browser.find("#captions").sendKeys(captions);
        // The page compares when it has both.
        browser.find("#file").sendKeys(image.toString());
        browser.await("results", _ -> browser.find("#answer").isDisplayed());
    }

    private static WebElement word(int caption, int word) {
        return browser.all("#results > li")
                .get(caption)
                .findElements(byButton())
                .get(word);
    }

    private static By byButton() {
        return By.cssSelector(".words button");
    }

    @Test
    void captionsAreOrderedByProbability() {
        compare(CAPTIONS, TestServer.image(2));
        List<String> captions = browser.all("#results > li > .words").stream()
                .map(words -> words.getDomAttribute("aria-label"))
                .toList();
        assertEquals(
                List.of("a large blue square", "two blue squares", "a large blue triangle", "a large <mask> square"),
                captions);
        assertEquals(List.of("99.8 %", "5.2 %", "< 0.1 %"), browser.texts("#results > li > .score output"));
        // The bar is as wide as the probability says, to a pixel.
        List<?> shares =
                (List<?>) browser.script("document.getAnimations().forEach(animation => animation.finish());return"
                        + " [...document.querySelectorAll('#results > li > .score .bar')].map(bar => 100 *"
                        + " bar.firstChild.getBoundingClientRect().width / bar.getBoundingClientRect().width)");
        double[] expected = {99.8, 5.2, 0};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], ((Number) shares.get(i)).doubleValue(), 0.5);
        }
        assertTrue(browser.find("#status").getText().startsWith("Best: a large blue square, 99.8 %."));
    }

    @Test
    void masksAreFilled() {
        compare(CAPTIONS, TestServer.image(2));
        List<String> words = browser.texts(".masks .score > span");
        assertEquals(5, words.size());
        assertEquals("blue", words.getFirst());
        assertEquals("> 99.9 %", browser.texts(".masks .score output").getFirst());
        assertEquals(
                "a large blue square",
                browser.find("#results > li:last-child > .hint").getText());
    }

    @Test
    void aWordShowsWhereItLooks() throws IOException, InterruptedException {
        compare("a large blue square", TestServer.image(2));
        assertFalse(browser.find("#map").isDisplayed());
        WebElement square = word(0, 3);
        square.click();
        browser.await("a map", _ -> browser.find("#map").isDisplayed());
        assertEquals("true", square.getDomAttribute("aria-pressed"));

        Map<String, Object> explanation = server.post(
                        "/v1/explain", Map.of("text", "a large blue square", "image", TestServer.dataUri(2)))
                .ok()
                .object();
        Map<?, ?> last = (Map<?, ?>) ((List<?>) explanation.get("words")).get(3);
        float[] weights = TestServer.vector(last.get("weights"));
        int brightest = 0;
        for (int i = 0; i < weights.length; i++) if (weights[i] > weights[brightest]) brightest = i;
        Map<?, ?> painted = (Map<?, ?>) browser.script("const canvas = document.querySelector('#heat');"
                + "const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
                + "let best = 0; const light = i => data[4 * i] + data[4 * i + 1] + data[4 * i + 2];"
                + "for (let i = 0; i < data.length / 4; i++) if (light(i) > light(best)) best = i;"
                + "return { rows: canvas.height, columns: canvas.width, best,"
                + " image: document.querySelector('#seen').src }");
        assertEquals(number(explanation.get("rows")), number(painted.get("rows")));
        assertEquals(number(explanation.get("columns")), number(painted.get("columns")));
        assertEquals(brightest, number(painted.get("best")));
        assertEquals(explanation.get("image"), painted.get("image"));
        browser.await("the image", _ -> (Boolean) browser.script(
                "const seen = document.querySelector('#seen'); return seen.complete && seen.naturalWidth > 0"));
        assertTrue(browser.find("#mapCaption").getText().startsWith("Where “square” looks"));

        square.click();
        assertFalse(browser.find("#map").isDisplayed());
        assertEquals("false", square.getDomAttribute("aria-pressed"));
    }

    private static int number(Object value) {
        return ((Number) value).intValue();
    }

    @Test
    void theKeyboardIsEnough() {
        browser.press(Keys.TAB);
        assertEquals("file", browser.focused().getDomAttribute("id"));
        // The key that opens the system's dialog leaves the browser.
        browser.find("#file").sendKeys(TestServer.image(2).toString());
        browser.awaitStatus("Image: 02.png.");
        browser.press(Keys.TAB);
        assertEquals("captions", browser.focused().getDomAttribute("id"));
        browser.press("a large blue square", Keys.TAB);
        assertEquals("compare", browser.focused().getDomAttribute("id"));
        browser.press(Keys.ENTER);
        browser.awaitStatus("Best: a large blue square");
        browser.press(Keys.TAB);
        assertEquals("a", browser.focused().getText());
        browser.press(Keys.TAB);
        browser.press(Keys.ENTER);
        browser.awaitStatus("“large” looks ");
        assertEquals("large", browser.focused().getText());
        assertTrue(browser.find("#map").isDisplayed());
        browser.press(Keys.ESCAPE);
        browser.awaitStatus("The map is removed.");
        assertFalse(browser.find("#map").isDisplayed());
        browser.press(Keys.SPACE);
        browser.await("a map", _ -> browser.find("#map").isDisplayed());
        for (String expected : List.of("blue", "square", "Copy")) {
            browser.press(Keys.TAB);
            assertEquals(expected, browser.focused().getText());
        }
    }

    @Test
    void controlEnterCompares() {
        browser.find("#file").sendKeys(TestServer.image(2).toString());
        browser.find("#captions").sendKeys("two blue squares", Keys.chord(Keys.CONTROL, Keys.ENTER));
        browser.awaitStatus("Best: two blue squares, 5.2 %.");
    }

    @Test
    void curlLinesRunAsTheyAre() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Browser.onPath("curl").isPresent(), "needs curl on the path");
        Assumptions.assumeTrue(Browser.onPath("sh").isPresent(), "needs sh on the path");
        String hostile = "@it's; type=\"a\" <b> $(touch broken) `touch broken` \\ !x";
        Path image = directory.resolve("a 'large', \"blue\"; square\\ $(touch broken).png");
        Files.copy(TestServer.image(2), image);
        compare(hostile + "\na large blue square\na large <mask> square\n<mask> @;", image);
        String[] lines = browser.find("#curl").getText().split("\n");
        assertEquals(3, lines.length);
        Map<?, ?> matched = (Map<?, ?>) run(lines[0]);
        List<?> results = (List<?>) matched.get("results");
        assertEquals(2, results.size());
        double probability = ((Number) ((Map<?, ?>) results.get(1)).get("probability")).doubleValue();
        assertEquals(0.9979, probability, 1e-3);
        double ofHostile = ((Number) ((Map<?, ?>) results.getFirst()).get("probability")).doubleValue();
        Map<String, Object> asked = server.post(
                        "/v1/match", Map.of("texts", List.of(hostile), "images", List.of(TestServer.dataUri(2))))
                .ok()
                .object();
        double expected =
                ((Number) ((Map<?, ?>) ((List<?>) asked.get("results")).getFirst()).get("probability")).doubleValue();
        assertEquals(expected, ofHostile, 1e-9);
        assertEquals("a large blue square", ((Map<?, ?>) run(lines[1])).get("text"));
        assertTrue(((Map<?, ?>) run(lines[2])).get("text").toString().endsWith("@;"));

        browser.all(".words button").getFirst().click();
        browser.await("a map", _ -> browser.find("#map").isDisplayed());
        Map<?, ?> explained = (Map<?, ?>) run(browser.find("#curl").getText());
        assertFalse(((List<?>) explained.get("words")).isEmpty());
        assertFalse(Files.exists(directory.resolve("broken")), "a caption was run as a command");
    }

    private Object run(String line) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", line)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        shell.getOutputStream().close();
        try (var in = new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8);
                JsonReader json = new JsonReader(Path.of(line), in)) {
            return json.value();
        }
    }

    @Test
    void nothingBecomesHtml() throws IOException {
        Path image = Files.copy(TestServer.image(2), directory.resolve("<img src=x onerror=alert(1)>.png"));
        compare("<img src=x onerror=alert(1)>\n<b>bold</b> <mask>", image);
        assertEquals(0, browser.all("#results img, #results b, #results script").size());
        assertEquals(
                List.of("<img", "src=x", "onerror=alert(1)>", "<b>bold</b>", "<mask>"), browser.texts(".words button"));
        browser.all(".words button").getFirst().click();
        browser.await("a map", _ -> browser.find("#map").isDisplayed());
        assertEquals(1, browser.all("#results img").size(), "the image as the model sees it");
        assertEquals(0, browser.all("[onerror]").size());
    }

    @Test
    void theContentSecurityPolicyBlocksNothingOfIt() {
        compare(CAPTIONS, TestServer.image(2));
        word(0, 3).click();
        browser.await("a map", _ -> browser.find("#map").isDisplayed());
        assertEquals(List.of(), browser.complaints());
        // And it does block what the page has no use for.
        browser.script("document.body.append(Object.assign(new Image(), { src: 'https://example.org/x.png' }))");
        browser.await("a complaint", _ -> browser.complaints().stream().anyMatch(line -> line.contains("img-src")));
    }

    @Test
    void errorsAreToldInWords() throws IOException {
        browser.find("#compare").click();
        browser.awaitStatus("Choose an image first.");
        Path none = Files.writeString(directory.resolve("none.png"), "not an image");
        browser.find("#captions").sendKeys("a star\na <mask>");
        browser.find("#file").sendKeys(none.toString());
        browser.awaitStatus("The server says: image: not an image");
        Path large = directory.resolve("large.png");
        Files.write(large, new byte[(16 << 20) + 1]);
        browser.find("#file").sendKeys(large.toString());
        browser.awaitStatus("The image has 16777217 bytes; the server takes at most 16777216.");
        browser.find("#file").sendKeys(TestServer.image(2).toString());
        browser.awaitStatus("Best: a star");
    }

    @Test
    void aKeyIsAskedFor() throws IOException {
        Path keys = Files.writeString(directory.resolve("keys.txt"), "a-key\n");
        ApiKeys known = ApiKeys.read(keys);
        try (TestServer keyed = TestServer.start(options -> options.keys(known))) {
            browser.go(keyed);
            browser.awaitStatus("The server asks for an API key.");
            assertEquals("secret", browser.focused().getDomAttribute("id"));
            browser.find("#captions").sendKeys("a large blue square");
            browser.find("#file").sendKeys(TestServer.image(2).toString());
            browser.awaitStatus("The server asks for an API key.");
            browser.find("#secret").sendKeys("another", Keys.ENTER);
            browser.awaitStatus("The server does not know this key.");
            browser.find("#secret").sendKeys(Keys.chord(Keys.CONTROL, "a"), "a-key", Keys.ENTER);
            browser.awaitStatus("Best: a large blue square, 99.8 %.");
            assertFalse(browser.find("#key").isDisplayed());
            String line = browser.find("#curl").getText();
            assertTrue(line.contains("Bearer $BRIDGETOWER_API_KEY"), line);
            assertFalse(line.contains("a-key"), line);
        }
    }

    @Test
    void everyControlHasARoleAndAName() {
        compare(CAPTIONS, TestServer.image(2));
        word(0, 3).click();
        browser.await("a map", _ -> browser.find("#map").isDisplayed());
        List<WebElement> controls = browser.all("button, input, textarea, select, img, [role=group]").stream()
                .filter(WebElement::isDisplayed)
                .toList();
        assertTrue(controls.size() > 15);
        for (WebElement control : controls) {
            assertFalse(control.getAccessibleName().isBlank(), control.getDomAttribute("id"));
        }
        assertEquals("status", browser.find("#status").getAriaRole());
        assertEquals("Captions, one a line", browser.find("#captions").getAccessibleName());
    }

    /** WCAG 2.2: text has a contrast of 4.5 or more (1.4.3), and nothing scrolls sideways at 320 pixels (1.4.10). */
    @Test
    void textIsLegibleAndFitsAPhone() {
        compare(CAPTIONS, TestServer.image(2));
        word(0, 3).click();
        browser.await("a map", _ -> browser.find("#map").isDisplayed());
        for (String scheme : List.of("light", "dark")) {
            browser.prefer("prefers-color-scheme", scheme);
            Map<?, ?> worst = (Map<?, ?>) browser.script("""
                const channels = colour => colour.match(/[\\d.]+/g).map(Number);
                const light = colour => channels(colour).slice(0, 3).map(c => c / 255)
                    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
                    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
                const ground = element => {
                  const colour = getComputedStyle(element).backgroundColor;
                  return (channels(colour)[3] ?? 1) > 0 ? colour : ground(element.parentElement);
                };
                let worst = { contrast: 21, texts: 0 };
                const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                  const element = walker.currentNode.parentElement;
                  if (!walker.currentNode.data.trim() || element.matches('script') || !element.checkVisibility()) continue;
                  const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
                  const contrast = (a + .05) / (b + .05);
                  if (contrast < worst.contrast) worst = { ...worst, contrast, text: walker.currentNode.data };
                  worst.texts++;
                }
                return worst;
                """);
            assertTrue(number(worst.get("texts")) > 20, worst.toString());
            assertTrue(((Number) worst.get("contrast")).doubleValue() >= 4.5, scheme + ": " + worst);
        }
        browser.width(320);
        assertEquals(320L, browser.script("return document.documentElement.scrollWidth"));
        assertEquals(
                0L,
                browser.script("return [...document.querySelectorAll('body *')].filter(element =>"
                        + " element.checkVisibility() && element.getBoundingClientRect().right > 320.5).length"));
    }

    @Test
    void barsMoveOnlyForThoseWhoLikeIt() {
        browser.prefer("prefers-reduced-motion", "reduce");
        compare("a large blue square", TestServer.image(2));
        assertEquals("none", browser.find(".bar div").getCssValue("animation-name"));
        browser.prefer("prefers-reduced-motion", "no-preference");
        assertEquals("grow", browser.find(".bar div").getCssValue("animation-name"));
    }
}
