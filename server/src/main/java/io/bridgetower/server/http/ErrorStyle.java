package io.bridgetower.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;

/** How the interfaces that clients know tell errors. */
public enum ErrorStyle {
    /** {@code {"error": {"message", "type", "code", "param"}}}. */
    OPENAI {
        @Override
        void write(HttpError error, JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", error.getMessage());
            json.writeStringField("type", type(error.kind()));
            json.writeStringField("code", code(error.kind()));
            json.writeStringField("param", error.field());
            json.writeEndObject();
            json.writeEndObject();
        }

        private String type(HttpError.Kind kind) {
            return switch (kind) {
                case UNAUTHORIZED -> "authentication_error";
                case OVERLOADED -> "rate_limit_error";
                case FAILED, UNAVAILABLE, TIMEOUT -> "server_error";
                default -> "invalid_request_error";
            };
        }
    },

    /** Of Hugging Face's Text Embeddings Inference: {@code {"error", "error_type"}}. */
    TEI {
        @Override
        int status(HttpError.Kind kind) {
            return switch (kind) {
                case INVALID -> 422;
                case FAILED -> 424;
                default -> kind.status();
            };
        }

        @Override
        void write(HttpError error, JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("error", error.getMessage());
            json.writeStringField("error_type", type(error.kind()));
            json.writeEndObject();
        }

        private String type(HttpError.Kind kind) {
            return switch (kind) {
                case OVERLOADED -> "overloaded";
                case FAILED, TIMEOUT -> "backend";
                case UNAVAILABLE -> "unhealthy";
                default -> "validation";
            };
        }
    },

    /** Of Cohere, Amazon and others: {@code {"message"}}. */
    MESSAGE {
        @Override
        void write(HttpError error, JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("message", error.getMessage());
            json.writeEndObject();
        }
    };

    int status(HttpError.Kind kind) {
        return kind.status();
    }

    abstract void write(HttpError error, JsonGenerator json) throws IOException;

    private static String code(HttpError.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
