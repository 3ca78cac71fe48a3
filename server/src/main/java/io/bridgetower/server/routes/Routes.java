package io.bridgetower.server.routes;

import io.bridgetower.RemoteImages;
import io.bridgetower.server.compute.Scheduler;
import io.bridgetower.server.compute.ServedModels;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.metrics.ServerMetrics;
import java.util.List;
import java.util.stream.Stream;

/** The table of all routes. */
public final class Routes {
    private Routes() {}

    /**
     * All routes.
     *
     * @param remote null if images may not be downloaded
     */
    public static List<Route> all(
            ServedModels models, Scheduler scheduler, ServerMetrics metrics, RemoteImages remote, ServerInfo info) {
        Service service = new Service(models, scheduler);
        Inputs inputs = new Inputs(new ImageFields(remote), info.maxItems());
        return Stream.of(
                        new EmbeddingRoutes(service, models, inputs).routes(),
                        new OpeaRoutes(service, models, scheduler, inputs).routes(),
                        new CohereRoutes(service, inputs).routes(),
                        new TitanRoutes(service, inputs).routes(),
                        new TeiRoutes(service, inputs).routes(),
                        new ScoreRoutes(service, inputs).routes(),
                        new MatchRoutes(service, inputs, info.maxItems()).routes(),
                        new StatusRoutes(models, scheduler, metrics, info).routes(),
                        new PageRoutes().routes())
                .flatMap(List::stream)
                .toList();
    }
}
