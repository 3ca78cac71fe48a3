package io.bridgetower.spring;

import io.bridgetower.BridgeTower;
import io.bridgetower.BridgeTowerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Loads the model that {@code bridgetower.model} names and makes beans of it. A {@link BridgeTower} that the application defines
 * takes its place; any other bean can be replaced in the same way.
 */
@AutoConfiguration
@EnableConfigurationProperties(BridgeTowerProperties.class)
public class BridgeTowerAutoConfiguration {
    /** Comes first, as the others look for its bean. */
    @Order(1)
    @Configuration(proxyBeanMethods = false)
    static class LoadConfiguration {
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnProperty("bridgetower.model")
        BridgeTower bridgeTower(BridgeTowerProperties properties) throws IOException {
            BridgeTowerBuilder builder = BridgeTower.builder(properties.model())
                    .revision(properties.revision())
                    .variant(properties.variant())
                    .weights(properties.weights())
                    .precision(properties.precision())
                    .cacheBytes(properties.cacheSize().toBytes())
                    .truncate(properties.truncate());
            if (properties.threads() != 0) builder.threads(properties.threads());
            BridgeTower bridgeTower = builder.load();
            if (properties.warmUp()) bridgeTower.warmUp();
            return bridgeTower;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(BridgeTower.class)
    static class EmbeddingConfiguration {
        @Bean
        Documents bridgeTowerDocuments(
                BridgeTower bridgeTower, BridgeTowerProperties properties, ObjectProvider<MeterRegistry> registry) {
            return new Documents(bridgeTower, properties, registry.getIfAvailable(() -> Metrics.globalRegistry));
        }

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnProperty(
                name = SpringAIModelProperties.EMBEDDING_MODEL,
                havingValue = "bridgetower",
                matchIfMissing = true)
        BridgeTowerEmbeddingModel bridgeTowerEmbeddingModel(Documents documents) {
            return new BridgeTowerEmbeddingModel(documents);
        }

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnProperty(
                name = SpringAIModelProperties.MULTI_MODAL_EMBEDDING_MODEL,
                havingValue = "bridgetower",
                matchIfMissing = true)
        BridgeTowerDocumentEmbeddingModel bridgeTowerDocumentEmbeddingModel(Documents documents) {
            return new BridgeTowerDocumentEmbeddingModel(documents);
        }

        @Bean
        BridgeTowerMetrics bridgeTowerMetrics(BridgeTower bridgeTower) {
            return new BridgeTowerMetrics(bridgeTower.model());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(BridgeTower.class)
    @ConditionalOnClass(DocumentPostProcessor.class)
    static class RankConfiguration {
        @Bean
        @ConditionalOnMissingBean
        BridgeTowerDocumentPostProcessor bridgeTowerDocumentPostProcessor(
                Documents documents, BridgeTowerProperties properties) {
            return new BridgeTowerDocumentPostProcessor(documents, properties.rankTopN());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(BridgeTower.class)
    @ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
    static class HealthConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "bridgeTowerHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("bridgetower")
        HealthIndicator bridgeTowerHealthIndicator(BridgeTower bridgeTower, Documents documents) {
            return new BridgeTowerHealthIndicator(bridgeTower, documents.name());
        }
    }
}
