package io.bridgetower.spring;

import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelUsage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** What the model has computed and what it holds. */
record BridgeTowerMetrics(BridgeTowerModel model) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        count(registry, "texts", ModelUsage::texts);
        count(registry, "images", ModelUsage::images);
        count(registry, "pairs", ModelUsage::pairs);
        bytes(registry, "workspace", ModelUsage::workspaceBytes);
        bytes(registry, "encodings", ModelUsage::encodingBytes);
    }

    private void count(MeterRegistry registry, String kind, ToDoubleFunction<ModelUsage> value) {
        FunctionCounter.builder("bridgetower." + kind, model, m -> value.applyAsDouble(m.usage()))
                .register(registry);
    }

    private void bytes(MeterRegistry registry, String kind, ToDoubleFunction<ModelUsage> value) {
        Gauge.builder("bridgetower." + kind, model, m -> value.applyAsDouble(m.usage()))
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }
}
