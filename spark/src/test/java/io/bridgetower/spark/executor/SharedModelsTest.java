package io.bridgetower.spark.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models of a process, closed when the test says that time has passed. */
class SharedModelsTest {
    private static final Path MODEL =
            Path.of(System.getProperty("bridgetower.root")).resolve("models/demo");

    private final Deque<Runnable> later = new ArrayDeque<>();
    private final SharedModels models = new SharedModels(later::add);

    private static ModelSource source(Path path) {
        return new ModelSource(path.toString(), "main", 1, WeightPrecision.F32, ProductPrecision.F32);
    }

    private static boolean isClosed(SharedModels.Lease lease) {
        try {
            lease.model().bridgeTower().embed("a star");
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void tasksThatStartAtOnceLoadOneModel() throws Exception {
        List<Future<SharedModels.Lease>> starting = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) starting.add(threads.submit(() -> models.acquire(source(MODEL))));
        }
        int loads = 0;
        for (Future<SharedModels.Lease> lease : starting) {
            assertSame(starting.getFirst().get().model(), lease.get().model());
            if (lease.get().hasLoaded()) loads++;
        }
        assertEquals(1, loads);
        for (Future<SharedModels.Lease> lease : starting) lease.get().close();
        assertEquals(1, later.size());
        assertFalse(isClosed(starting.getFirst().get()));
        later.remove().run();
        assertTrue(isClosed(starting.getFirst().get()));
    }

    @Test
    void aModelThatIsAskedForAgainInTimeStays() throws IOException {
        SharedModels.Lease first = models.acquire(source(MODEL));
        first.close();
        first.close();
        SharedModels.Lease second = models.acquire(source(MODEL));
        assertFalse(second.hasLoaded());
        later.remove().run();
        assertFalse(isClosed(second));
        second.close();
        later.remove().run();
        assertTrue(isClosed(second));
        SharedModels.Lease third = models.acquire(source(MODEL));
        assertTrue(third.hasLoaded());
        assertNotSame(second.model(), third.model());
        third.close();
        later.remove().run();
    }

    @Test
    void aFailureIsToldAndNotKept(@TempDir Path directory) throws IOException {
        Path model = directory.resolve("model");
        assertThrows(NoSuchFileException.class, () -> models.acquire(source(model)));
        Files.createDirectory(model);
        assertThrows(IOException.class, () -> models.acquire(source(model)));
        for (Path file : Files.list(MODEL).toList()) Files.copy(file, model.resolve(file.getFileName()));
        SharedModels.Lease lease = models.acquire(source(model));
        assertTrue(lease.hasLoaded());
        Files.writeString(model.resolve("README.md"), "changed");
        SharedModels.Lease other = models.acquire(source(model));
        assertTrue(other.hasLoaded(), "files have changed");
        assertEquals(lease.model().identity(), other.model().identity());
        lease.close();
        other.close();
        while (!later.isEmpty()) later.remove().run();
        assertTrue(isClosed(lease));
        assertTrue(isClosed(other));
    }
}
