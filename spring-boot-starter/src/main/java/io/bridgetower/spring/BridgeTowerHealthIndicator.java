package io.bridgetower.spring;

import io.bridgetower.BridgeTower;
import io.bridgetower.model.inputs.TextInputs;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up if the model computes: encodes a short text, which takes its turn among other calls. */
final class BridgeTowerHealthIndicator extends AbstractHealthIndicator {
    private final BridgeTower bridgeTower;
    private final String name;

    BridgeTowerHealthIndicator(BridgeTower bridgeTower, String name) {
        super("The model does not compute");
        this.bridgeTower = bridgeTower;
        this.name = name;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        TextInputs text =
                TextInputs.of(new int[][] {bridgeTower.textPreparation().ids("a")});
        for (var encoding : bridgeTower.model().encodeTexts(text)) encoding.close();
        health.up().withDetail("model", name).withDetail("heads", bridgeTower.heads());
    }
}
