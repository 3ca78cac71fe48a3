package io.bridgetower.model.layers;

import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.batch.PairBatch;
import io.bridgetower.model.batch.Route;
import io.bridgetower.model.batch.Routes;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.layers.absorbed.Absorption;
import io.bridgetower.model.runtime.BatchRunner;
import io.bridgetower.model.runtime.Parameters;
import io.bridgetower.model.runtime.Trace;

/** The cross-modal layers of both sides and the link towers that feed them. */
final class CrossModalEncoder {
    private final BatchRunner runner;
    private final CrossModalLayer[] textLayers;
    private final CrossModalLayer[] imageLayers;
    private final LinkTower[] textLinks;
    private final LinkTower[] imageLinks;

    CrossModalEncoder(Parameters trunk, BridgeTowerConfig config, BatchRunner runner) throws MalformedFileException {
        this.runner = runner;
        Parameters text = trunk.sub("cross_modal_text_layers"), image = trunk.sub("cross_modal_image_layers");
        BridgeTowerTextConfig layer = layerConfig(config);
        textLayers = new CrossModalLayer[config.numHiddenLayers()];
        imageLayers = new CrossModalLayer[config.numHiddenLayers()];
        for (int i = 0; i < textLayers.length; i++) {
            // The last layer's first row attends to all of its image; in the first layer all rows have done so already.
            Absorption.Reach self =
                    i > 0 && i == imageLayers.length - 1 ? Absorption.Reach.FEW_TO_MANY : Absorption.Reach.ANY;
            textLayers[i] = new CrossModalLayer(text.sub(i), layer, Absorption.Reach.ANY, Absorption.Reach.FEW_TO_MANY);
            imageLayers[i] = new CrossModalLayer(image.sub(i), layer, self, Absorption.Reach.MANY_TO_FEW);
        }
        textLinks = links(trunk.sub("cross_modal_text_link_tower"), config);
        imageLinks = links(trunk.sub("cross_modal_image_link_tower"), config);
    }

    /** The layers are built from the text tower's configuration. */
    private static BridgeTowerTextConfig layerConfig(BridgeTowerConfig config) {
        BridgeTowerTextConfig text = config.textConfig();
        double epsilon = config.crossModalLayerNormEps().orElse(text.layerNormEps());
        return text.toBuilder().layerNormEps(epsilon).build();
    }

    private static LinkTower[] links(Parameters parameters, BridgeTowerConfig config) throws MalformedFileException {
        LinkTower[] links = new LinkTower[config.numHiddenLayers() - 1];
        for (int i = 0; i < links.length; i++) {
            if (!config.shareLinkTowerLayers()) links[i] = new LinkTower(parameters.sub(i), config);
            else links[i] = i == 0 ? new LinkTower(parameters, config) : links[0];
        }
        return links;
    }

    /** Which outputs of the last layer are needed; the others are skipped. */
    enum Wanted {
        /** Every row of both sides. */
        ALL,
        /** Every row of the text side. */
        TEXT,
        /** The first row of every text and image, which is what the poolers read. */
        FIRST_ROWS
    }

    /**
     * The input or output of a pair of layers, one of each side.
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
     * Fuses pairs. Both sides of a layer read its inputs, not each other's output.
     *
     * @param trace is shown every layer, of which then all has to be wanted; null for none
     * @return matrices of the workspace
     */
    public Features forward(Workspace workspace, PairBatch pairs, Wanted wanted, Trace trace) {
        int last = textLayers.length - 1;
        Features rows = rows(workspace, pairs), next = rows(workspace, pairs);
        Routes textRoutes = pairs.fromTexts(false), imageRoutes = pairs.fromImages(false);
        for (int layer = 0; layer <= last; layer++) {
            for (int pair = 0; pair < pairs.size(); pair++) {
                enter(workspace, layer, textLinks, pairs.text(pair), pairs.text(pair, rows.text));
                enter(workspace, layer, imageLinks, pairs.image(pair), pairs.image(pair, rows.image));
            }
            if (layer == last && wanted == Wanted.FIRST_ROWS) return lastOfFirstRows(workspace, pairs, rows);
            if (trace != null) {
                textRoutes = trace.fromTexts(layer, pairs, textRoutes);
                imageRoutes = trace.fromImages(layer, pairs, imageRoutes);
            }
            if (layer == last && wanted == Wanted.TEXT) {
                forwardTexts(workspace, layer, pairs, rows, textRoutes, next.text);
                return new Features(next.text, null);
            }
            forwardBoth(workspace, layer, pairs, rows, textRoutes, imageRoutes, next);
            Features swap = rows;
            rows = next;
            next = swap;
            if (trace != null) trace.cross(layer, pairs, rows.text, rows.image);
        }
        return rows;
    }

    /** Uncleared rows of all texts and images. */
    private static Features rows(Workspace workspace, PairBatch pairs) {
        int hidden = pairs.text(0).shape().hidden();
        return new Features(workspace.matrix(pairs.textRows(), hidden), workspace.matrix(pairs.imageRows(), hidden));
    }

    /** Replaces the previous layer's output by the input of a layer. */
    private static void enter(Workspace workspace, int layer, LinkTower[] links, BridgedStates from, Matrix running) {
        long mark = workspace.mark();
        Matrix bridged = from.bridged(workspace, layer);
        if (layer > 0) {
            links[layer - 1].forward(workspace, bridged, running, running);
        } else {
            for (int row = 0; row < bridged.rows(); row++) Rows.copy(bridged, row, running, row);
        }
        workspace.release(mark);
    }

    private void forwardBoth(
            Workspace workspace, int layer, PairBatch pairs, Features x, Routes texts, Routes images, Features y) {
        runner.sideBySide(
                workspace,
                own -> forwardImages(own, layer, pairs, x, images, y.image),
                own -> forwardTexts(own, layer, pairs, x, texts, y.text));
    }

    private void forwardTexts(Workspace workspace, int layer, PairBatch pairs, Features x, Routes routes, Matrix y) {
        if (layer > 0) {
            textLayers[layer].forward(workspace, x.text, x.text, x.image, routes, y);
            return;
        }
        long mark = workspace.mark();
        textLayers[0].forwardAttended(workspace, pairs.attendedTexts(workspace), x.image, routes.cross(), y);
        workspace.release(mark);
    }

    private void forwardImages(Workspace workspace, int layer, PairBatch pairs, Features x, Routes routes, Matrix y) {
        if (layer > 0) {
            imageLayers[layer].forward(workspace, x.image, x.image, x.text, routes, y);
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
            runner.sideBySide(
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
