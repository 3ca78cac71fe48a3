package io.bridgetower.cli.model;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;

/** What a model directory holds. */
public enum Architecture {
    /** Both towers and the cross-modal layers. */
    WHOLE("BridgeTower") {
        @Override
        void readConfig(Checkpoint checkpoint) throws IOException {
            checkpoint.config();
        }
    },
    /** A text tower alone. */
    TEXT("BridgeTower text model") {
        @Override
        void readConfig(Checkpoint checkpoint) throws IOException {
            checkpoint.textConfig();
        }
    },
    /** An image tower alone. */
    VISION("BridgeTower vision model") {
        @Override
        void readConfig(Checkpoint checkpoint) throws IOException {
            checkpoint.visionConfig();
        }
    };

    private final String title;

    Architecture(String title) {
        this.title = title;
    }

    /** Its name for people. */
    String title() {
        return title;
    }

    /**
     * By the {@code model_type} of the configuration.
     *
     * @throws MalformedFileException if it is no such model, or its configuration is not valid
     */
    public static Architecture of(Checkpoint checkpoint) throws IOException {
        MalformedFileException otherType = null;
        for (Architecture each : values()) {
            try {
                each.readConfig(checkpoint);
                return each;
            } catch (MalformedFileException e) {
                if (!"model_type".equals(e.field())) throw e;
                if (otherType == null) otherType = e;
            }
        }
        throw otherType;
    }

    /** Fails with the field {@code model_type} if it is a model of another kind. */
    abstract void readConfig(Checkpoint checkpoint) throws IOException;
}
