package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Workspace;

/** The cross-modal layers of both sides and the link towers that feed them. */
final class CrossModalEncoder {
    private final CrossModalLayer[] textLayers;
    private final CrossModalLayer[] imageLayers;
    private final LinkTower[] textLinks;
    private final LinkTower[] imageLinks;

    CrossModalEncoder(Parameters trunk, BridgeTowerConfig config) throws MalformedFileException {
        textLayers = layers(trunk.sub("cross_modal_text_layers"), config);
        imageLayers = layers(trunk.sub("cross_modal_image_layers"), config);
        textLinks = links(trunk.sub("cross_modal_text_link_tower"), config);
        imageLinks = links(trunk.sub("cross_modal_image_link_tower"), config);
    }

    private static CrossModalLayer[] layers(Parameters parameters, BridgeTowerConfig config)
            throws MalformedFileException {
        CrossModalLayer[] layers = new CrossModalLayer[config.numHiddenLayers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new CrossModalLayer(parameters.sub(i), config.textConfig());
        }
        return layers;
    }

    private static LinkTower[] links(Parameters parameters, BridgeTowerConfig config) throws MalformedFileException {
        LinkTower[] links = new LinkTower[config.numHiddenLayers() - 1];
        for (int i = 0; i < links.length; i++) {
            if (!config.shareLinkTowerLayers()) links[i] = new LinkTower(parameters.sub(i), config);
            else links[i] = i == 0 ? new LinkTower(parameters, config) : links[0];
        }
        return links;
    }

    /**
     * The last layer's output.
     *
     * @param text every text row, or the first of each pair
     * @param image every image row, or the first of each pair
     */
    record Features(Matrix text, Matrix image) {}

    /**
     * Fuses pairs. Both layers of a level read the inputs of that level, not each other's output.
     *
     * @param firstOnly whether the last level computes only the first row of every text and image, which is all that the
     *     poolers read
     * @return matrices of the workspace
     */
    Features forward(Workspace workspace, PairBatch pairs, boolean firstOnly) {
        int hidden = pairs.textStage(0, 0).columns(), last = textLayers.length - 1;
        Matrix text = workspace.matrix(pairs.textRows(), hidden), nextText = workspace.matrix(pairs.textRows(), hidden);
        Matrix image = workspace.matrix(pairs.imageRows(), hidden);
        Matrix nextImage = workspace.matrix(pairs.imageRows(), hidden);
        Attention.Sequence[] textSelf = pairs.fromTexts(false, false), textCross = pairs.fromTexts(false, true);
        Attention.Sequence[] imageSelf = pairs.fromImages(false, false), imageCross = pairs.fromImages(false, true);
        for (int layer = 0; layer <= last; layer++) {
            for (int pair = 0; pair < pairs.size(); pair++) {
                enter(workspace, layer, textLinks, pairs.textStage(pair, layer), pairs.text(pair, text));
                enter(workspace, layer, imageLinks, pairs.imageStage(pair, layer), pairs.image(pair, image));
            }
            if (layer == last && firstOnly) return lastOfFirstRows(workspace, pairs, text, image);
            textLayers[layer].forward(workspace, text, text, textSelf, image, textCross, nextText);
            imageLayers[layer].forward(workspace, image, image, imageSelf, text, imageCross, nextImage);
            Matrix swapText = text, swapImage = image;
            text = nextText;
            image = nextImage;
            nextText = swapText;
            nextImage = swapImage;
        }
        return new Features(text, image);
    }

    /** Replaces the previous level's output by the input of a level. */
    private static void enter(Workspace workspace, int layer, LinkTower[] links, Matrix stage, Matrix running) {
        if (layer > 0) {
            links[layer - 1].forward(workspace, stage, running, running);
        } else {
            for (int row = 0; row < stage.rows(); row++) Rows.copy(stage, row, running, row);
        }
    }

    private Features lastOfFirstRows(Workspace workspace, PairBatch pairs, Matrix text, Matrix image) {
        int last = textLayers.length - 1;
        Matrix firstText = pairs.firstTextRows(workspace, text), firstImage = pairs.firstImageRows(workspace, image);
        Matrix textOut = workspace.matrix(pairs.size(), text.columns());
        Matrix imageOut = workspace.matrix(pairs.size(), image.columns());
        textLayers[last].forward(
                workspace, firstText, text, pairs.fromTexts(true, false), image, pairs.fromTexts(true, true), textOut);
        imageLayers[last].forward(
                workspace,
                firstImage,
                image,
                pairs.fromImages(true, false),
                text,
                pairs.fromImages(true, true),
                imageOut);
        return new Features(textOut, imageOut);
    }
}
