package io.bridgetower.model;

import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Workspace;
import io.bridgetower.model.AttentionBlock.Reach;
import io.bridgetower.model.CrossModalLayer.Routes;

/** The cross-modal layers of both sides and the link towers that feed them. */
final class CrossModalEncoder {
    private final CrossModalLayer[] textLayers;
    private final CrossModalLayer[] imageLayers;
    private final LinkTower[] textLinks;
    private final LinkTower[] imageLinks;

    CrossModalEncoder(Parameters trunk, BridgeTowerConfig config) throws MalformedFileException {
        Parameters text = trunk.sub("cross_modal_text_layers"), image = trunk.sub("cross_modal_image_layers");
        textLayers = new CrossModalLayer[config.numHiddenLayers()];
        imageLayers = new CrossModalLayer[config.numHiddenLayers()];
        for (int i = 0; i < textLayers.length; i++) {
            // The last layer's first row attends to all of its image; in the first layer all rows have done so already.
            Reach self = i > 0 && i == imageLayers.length - 1 ? Reach.FEW_TO_MANY : Reach.ANY;
            textLayers[i] = new CrossModalLayer(text.sub(i), config.textConfig(), Reach.ANY, Reach.FEW_TO_MANY);
            imageLayers[i] = new CrossModalLayer(image.sub(i), config.textConfig(), self, Reach.MANY_TO_FEW);
        }
        textLinks = links(trunk.sub("cross_modal_text_link_tower"), config);
        imageLinks = links(trunk.sub("cross_modal_image_link_tower"), config);
    }

    private static LinkTower[] links(Parameters parameters, BridgeTowerConfig config) throws MalformedFileException {
        LinkTower[] links = new LinkTower[config.numHiddenLayers() - 1];
        for (int i = 0; i < links.length; i++) {
            if (!config.shareLinkTowerLayers()) links[i] = new LinkTower(parameters.sub(i), config);
            else links[i] = i == 0 ? new LinkTower(parameters, config) : links[0];
        }
        return links;
    }

    /** What of the last level is asked for. What is not is not computed. */
    enum Wanted {
        /** Every row of both sides. */
        ALL,
        /** Every row of the text side. */
        TEXT,
        /** The first row of every text and image, which is what the poolers read. */
        FIRST_ROWS
    }

    /**
     * The last level's output.
     *
     * @param text every text row, or the first of each pair
     * @param image every image row, or the first of each pair; null if it was not wanted
     */
    record Features(Matrix text, Matrix image) {}

    /**
     * What the first layer makes of texts before it looks at images: it depends on the texts alone.
     *
     * @param x its input, [rows, hidden]
     */
    void attendTexts(Workspace workspace, Matrix x, Route self, Matrix y) {
        textLayers[0].attend(workspace, x, x, self, y);
    }

    /** The same for images. */
    void attendImages(Workspace workspace, Matrix x, Route self, Matrix y) {
        imageLayers[0].attend(workspace, x, x, self, y);
    }

    /**
     * Fuses pairs. Both layers of a level read the inputs of that level, not each other's output.
     *
     * @param trace is shown every level, of which then all has to be wanted; null for none
     * @return matrices of the workspace
     */
    Features forward(Workspace workspace, PairBatch pairs, Wanted wanted, Trace trace) {
        int hidden = pairs.text(0).shape().hidden(), last = textLayers.length - 1;
        Matrix text = workspace.matrix(pairs.textRows(), hidden), nextText = workspace.matrix(pairs.textRows(), hidden);
        Matrix image = workspace.matrix(pairs.imageRows(), hidden);
        Matrix nextImage = workspace.matrix(pairs.imageRows(), hidden);
        Routes textRoutes = pairs.fromTexts(false), imageRoutes = pairs.fromImages(false);
        for (int level = 0; level <= last; level++) {
            for (int pair = 0; pair < pairs.size(); pair++) {
                enter(workspace, level, textLinks, pairs.text(pair), pairs.text(pair, text));
                enter(workspace, level, imageLinks, pairs.image(pair), pairs.image(pair, image));
            }
            if (level == last && wanted == Wanted.FIRST_ROWS) return lastOfFirstRows(workspace, pairs, text, image);
            if (trace != null) {
                textRoutes = trace.fromTexts(level, pairs, textRoutes);
                imageRoutes = trace.fromImages(level, pairs, imageRoutes);
            }
            forwardTexts(workspace, level, pairs, text, image, textRoutes, nextText);
            if (level == last && wanted == Wanted.TEXT) return new Features(nextText, null);
            forwardImages(workspace, level, pairs, image, text, imageRoutes, nextImage);
            Matrix swapText = text, swapImage = image;
            text = nextText;
            image = nextImage;
            nextText = swapText;
            nextImage = swapImage;
            if (trace != null) trace.cross(level, pairs, text, image);
        }
        return new Features(text, image);
    }

    /** Replaces the previous level's output by the input of a level. */
    private static void enter(Workspace workspace, int level, LinkTower[] links, Stages from, Matrix running) {
        long mark = workspace.mark();
        Matrix stage = from.stage(workspace, level);
        if (level > 0) {
            links[level - 1].forward(workspace, stage, running, running);
        } else {
            for (int row = 0; row < stage.rows(); row++) Rows.copy(stage, row, running, row);
        }
        workspace.release(mark);
    }

    private void forwardTexts(
            Workspace workspace, int level, PairBatch pairs, Matrix text, Matrix image, Routes routes, Matrix y) {
        if (level > 0) {
            textLayers[level].forward(workspace, text, text, image, routes, y);
            return;
        }
        long mark = workspace.mark();
        textLayers[0].forwardAttended(workspace, pairs.attendedTexts(workspace), image, routes.cross(), y);
        workspace.release(mark);
    }

    private void forwardImages(
            Workspace workspace, int level, PairBatch pairs, Matrix image, Matrix text, Routes routes, Matrix y) {
        if (level > 0) {
            imageLayers[level].forward(workspace, image, image, text, routes, y);
            return;
        }
        long mark = workspace.mark();
        imageLayers[0].forwardAttended(workspace, pairs.attendedImages(workspace), text, routes.cross(), y);
        workspace.release(mark);
    }

    private Features lastOfFirstRows(Workspace workspace, PairBatch pairs, Matrix text, Matrix image) {
        int last = textLayers.length - 1;
        Matrix textOut = workspace.matrix(pairs.size(), text.columns());
        Matrix imageOut = workspace.matrix(pairs.size(), image.columns());
        Routes fromTexts = pairs.fromTexts(true), fromImages = pairs.fromImages(true);
        if (last > 0) {
            Matrix firstText = pairs.firstTextRows(workspace, text);
            Matrix firstImage = pairs.firstImageRows(workspace, image);
            textLayers[last].forward(workspace, firstText, text, image, fromTexts, textOut);
            imageLayers[last].forward(workspace, firstImage, image, text, fromImages, imageOut);
        } else {
            Matrix attendedText = pairs.firstTextRows(workspace, pairs.attendedTexts(workspace));
            Matrix attendedImage = pairs.firstImageRows(workspace, pairs.attendedImages(workspace));
            textLayers[0].forwardAttended(workspace, attendedText, image, fromTexts.cross(), textOut);
            imageLayers[0].forwardAttended(workspace, attendedImage, text, fromImages.cross(), imageOut);
        }
        return new Features(textOut, imageOut);
    }
}
