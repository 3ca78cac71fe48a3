package io.bridgetower.model.layers;

import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.runtime.Parameters;

/**
 * Joins what comes over the bridge, x, with what the previous cross-modal layer made, c (paper, section 4.2):
 * {@code LN(x + c)}, {@code LN(x·scaled_factor + c)} or {@code LN(x·(1 − β) + c·β)}.
 */
final class LinkTower {
    private final LayerNorm norm;
    private final float xFactor;
    private final float cFactor;

    LinkTower(Parameters parameters, BridgeTowerConfig config) throws MalformedFileException {
        norm = parameters.layerNorm("LayerNorm", config.hiddenSize(), config.layerNormEps());
        switch (config.linkTowerType()) {
            case ADD -> {
                xFactor = 1;
                cFactor = 1;
            }
            case SCALED_ADD -> {
                xFactor = parameters.scalar("scaled_factor");
                cFactor = 1;
            }
            case INTERPOLATE -> {
                cFactor = parameters.scalar("beta");
                xFactor = 1 - cFactor;
            }
            default -> throw new AssertionError(config.linkTowerType());
        }
    }

    /** All of x, c and y are [rows, hidden]; y may be c. */
    public void forward(Workspace workspace, Matrix x, Matrix c, Matrix y) {
        norm.applySum(workspace, x, xFactor, c, cFactor, y);
    }
}
