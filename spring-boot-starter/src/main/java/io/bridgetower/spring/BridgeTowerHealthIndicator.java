package io.bridgetower.spring;

import io.bridgetower.BridgeTower;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up if the model computes: encodes a short text, which takes its turn among other calls. */
record BridgeTowerHealthIndicator(BridgeTower bridgeTower, String name) implements HealthIndicator {
    @Override
    public Health health() {
        int[][] ids = {bridgeTower.textPreparation().ids("a")};
        try {
            for (var encoding : bridgeTower.model().encodeTexts(ids, null)) encoding.close();
        } catch (RuntimeException e) {
            return Health.down(e).build();
        }
        return Health.up()
                .withDetail("model", name)
                .withDetail("heads", bridgeTower.heads())
                .build();
    }
}
