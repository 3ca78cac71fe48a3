package io.bridgetower.model;

import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.AttentionBlock.Reach;
import io.bridgetower.model.CrossModalLayer.Routes;

/** The cross-modal layers of both sides and the link towers that feed them. */
final class CrossModalEncoder {
    private final Shards shards;
    private final CrossModalLayer[] textLayers;
    private final CrossModalLayer[] imageLayers;
    private final LinkTower[] textLinks;
    private final LinkTower[] imageLinks;

    CrossModalEncoder(Parameters trunk, BridgeTowerConfig config, Shards shards) throws MalformedFileException {
        this.shards = shards;
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
     * A level's input or output.
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
        int last = textLayers.length - 1;
        Features rows = rows(workspace, pairs), next = rows(workspace, pairs);
        Routes textRoutes = pairs.fromTexts(false), imageRoutes = pairs.fromImages(false);
        for (int level = 0; level <= last; level++) {
            for (int pair = 0; pair < pairs.size(); pair++) {
                enter(workspace, level, textLinks, pairs.text(pair), pairs.text(pair, rows.text));
                enter(workspace, level, imageLinks, pairs.image(pair), pairs.image(pair, rows.image));
            }
            if (level == last && wanted == Wanted.FIRST_ROWS) return lastOfFirstRows(workspace, pairs, rows);
            if (trace != null) {
                textRoutes = trace.fromTexts(level, pairs, textRoutes);
                imageRoutes = trace.fromImages(level, pairs, imageRoutes);
            }
            if (level == last && wanted == Wanted.TEXT) {
                forwardTexts(workspace, level, pairs, rows, textRoutes, next.text);
                return new Features(next.text, null);
            }
            forwardBoth(workspace, level, pairs, rows, textRoutes, imageRoutes, next);
            Features swap = rows;
            rows = next;
            next = swap;
            if (trace != null) trace.cross(level, pairs, rows.text, rows.image);
        }
        return rows;
    }

    /** Uncleared rows of all texts and images. */
    private static Features rows(Workspace workspace, PairBatch pairs) {
        int hidden = pairs.text(0).shape().hidden();
        return new Features(workspace.matrix(pairs.textRows(), hidden), workspace.matrix(pairs.imageRows(), hidden));
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

    private void forwardBoth(
            Workspace workspace, int level, PairBatch pairs, Features x, Routes texts, Routes images, Features y) {
        shards.sideBySide(
                workspace,
                own -> forwardImages(own, level, pairs, x, images, y.image),
                own -> forwardTexts(own, level, pairs, x, texts, y.text));
    }

    private void forwardTexts(Workspace workspace, int level, PairBatch pairs, Features x, Routes routes, Matrix y) {
        if (level > 0) {
            textLayers[level].forward(workspace, x.text, x.text, x.image, routes, y);
            return;
        }
        long mark = workspace.mark();
        textLayers[0].forwardAttended(workspace, pairs.attendedTexts(workspace), x.image, routes.cross(), y);
        workspace.release(mark);
    }

    private void forwardImages(Workspace workspace, int level, PairBatch pairs, Features x, Routes routes, Matrix y) {
        if (level > 0) {
            imageLayers[level].forward(workspace, x.image, x.image, x.text, routes, y);
            return;
        }
        long mark = workspace.mark();
        imageLayers[0].forwardAttended(workspace, pairs.attendedImages(workspace), x.text, routes.cross(), y);
        workspace.release(mark);
    }

    private Features lastOfFirstRows(Workspace workspace, PairBatch pairs, Features x) {
        int last = textLayers.length - 1, hidden = x.text.columns();
        Features y = new Features(workspace.matrix(pairs.size(), hidden), workspace.matrix(pairs.size(), hidden));
        Routes texts = pairs.fromTexts(true), images = pairs.fromImages(true);
        if (last > 0) {
            Matrix firstText = pairs.firstTextRows(workspace, x.text);
            Matrix firstImage = pairs.firstImageRows(workspace, x.image);
            shards.sideBySide(
                    workspace,
                    own -> imageLayers[last].forward(own, firstImage, x.image, x.text, images, y.image),
                    own -> textLayers[last].forward(own, firstText, x.text, x.image, texts, y.text));
        } else {
            Matrix attendedText = pairs.firstTextRows(workspace, pairs.attendedTexts(workspace));
            Matrix attendedImage = pairs.firstImageRows(workspace, pairs.attendedImages(workspace));
            textLayers[0].forwardAttended(workspace, attendedText, x.image, texts.cross(), y.text);
            imageLayers[0].forwardAttended(workspace, attendedImage, x.text, images.cross(), y.image);
        }
        return y;
    }
}
