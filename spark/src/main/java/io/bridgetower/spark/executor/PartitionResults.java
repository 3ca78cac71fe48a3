package io.bridgetower.spark.executor;

import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.PairResults;
import io.bridgetower.jobs.rows.PairRow;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The rows of a partition with their results. Computes when it is asked, and ends with its task, also one that is killed or
 * reads no further. Spark may read it on another thread than the one that ends the task.
 */
final class PartitionResults implements Iterator<Row> {
    private static final double NANOS = 1e9;

    private final PartitionWork work;
    private final TaskContext context = TaskContext.get();
    private final SharedModels.Lease lease;
    private final HeldImages images;
    private final PairResults<WaitingRow> results;
    private long encodings;
    private Row next;

    PartitionResults(PartitionWork work, Iterator<Row> rows) throws IOException {
        this.work = work;
        lease = SharedModels.OF_PROCESS.acquire(work.source());
        try {
            if (lease.hasLoaded()) work.counters().loads().add(1);
            LoadedModel model = lease.model();
            if (!model.identity().equals(work.identity())) {
                throw new IllegalStateException(model.path() + ": expected the driver's model " + work.identity()
                        + ", found " + model.identity());
            }
            images = new HeldImages(
                    work.imageColumn(),
                    work.imageRoot(),
                    work.configuration().value().value());
            results = model.job(work.options()).results(new Pairs(rows), images);
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
        TaskCompletionListener end = _ -> close();
        context.addTaskCompletionListener(end);
    }

    /**
     * A row that waits for its result.
     *
     * @param image name of its image among those that are held; null for none
     */
    private record WaitingRow(Row row, String image) {}

    /** The rows as a job takes them. */
    private final class Pairs implements Iterator<PairRow<WaitingRow>> {
        private final Iterator<Row> rows;

        Pairs(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public PairRow<WaitingRow> next() {
            Row row = rows.next();
            String image = work.imageIndex() < 0 ? null : images.add(row.get(work.imageIndex()));
            String text = work.textIndex() < 0 ? null : row.getString(work.textIndex());
            return PairRow.of(new WaitingRow(row, image), image, text);
        }
    }

    @Override
    public synchronized boolean hasNext() {
        if (context.isInterrupted()) throw new TaskKilledException();
        long start = System.nanoTime();
        while (next == null && results.hasNext()) next = row(results.next());
        if (results.encodedImages() > encodings) {
            work.counters().encodings().add(results.encodedImages() - encodings);
            encodings = results.encodedImages();
        }
        work.counters().seconds().add((System.nanoTime() - start) / NANOS);
        return next != null;
    }

    @Override
    public synchronized Row next() {
        if (!hasNext()) throw new NoSuchElementException();
        Row row = next;
        next = null;
        return row;
    }

    /** Waits for rows that are being computed. */
    private synchronized void close() {
        results.close();
        lease.close();
    }

    /** The row with its result; null if it is left out. */
    private Row row(PairResult<WaitingRow> result) {
        Row row = result.id().row();
        images.remove(result.id().image());
        work.counters().pairs().add(1);
        if (result.outcome() instanceof Outcome.Failed failed) {
            work.counters().errors().add(1);
            if (work.onError() == OnError.DROP) return null;
            if (work.onError() == OnError.FAIL) throw new IllegalStateException("onError is fail: " + failed.reason());
        }
        Object[] added = work.columns().values(result.outcome());
        Object[] values = new Object[row.size() + added.length];
        for (int i = 0; i < row.size(); i++) values[i] = row.get(i);
        System.arraycopy(added, 0, values, row.size(), added.length);
        return RowFactory.create(values);
    }
}
