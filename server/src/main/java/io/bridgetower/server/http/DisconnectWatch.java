package io.bridgetower.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Notices that a client of HTTP/1.1 goes away while its request is computed: Jetty reads nothing from the connection then, and
 * so does not. HTTP/2 needs no watch. What the client sends too early, for its next request, is handed to the connection.
 */
final class DisconnectWatch {
    private static final long INTERVAL_MILLIS = 200;

    private final EndPoint endPoint;
    private final Connection.UpgradeTo connection;
    private final Scheduler scheduler;
    private final Runnable action;
    private Scheduler.Task task;
    private boolean stopped;

    private DisconnectWatch(EndPoint endPoint, Connection.UpgradeTo connection, Scheduler scheduler, Runnable action) {
        this.endPoint = endPoint;
        this.connection = connection;
        this.scheduler = scheduler;
        this.action = action;
    }

    /**
     * Begins to watch a request whose body is read.
     *
     * @return null if the connection needs no watch
     */
    static DisconnectWatch start(Request request, Runnable action) {
        Connection connection = request.getConnectionMetaData().getConnection();
        if (request.getConnectionMetaData().getHttpVersion().getVersion() > 11
                || !(connection instanceof Connection.UpgradeTo reading)) {
            return null;
        }
        Scheduler scheduler = request.getComponents().getScheduler();
        DisconnectWatch watch = new DisconnectWatch(connection.getEndPoint(), reading, scheduler, action);
        watch.schedule();
        return watch;
    }

    /** Ends the watch. The connection is Jetty's again when this returns. */
    synchronized void stop() {
        stopped = true;
        if (task != null) task.cancel();
    }

    private synchronized void schedule() {
        if (!stopped) task = scheduler.schedule(this::check, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void check() {
        if (isGone()) action.run();
        else schedule();
    }

    private synchronized boolean isGone() {
        if (stopped) return false;
        ByteBuffer buffer = BufferUtil.allocate(1);
        try {
            int filled = endPoint.fill(buffer);
            if (filled < 0) return true;
            if (filled > 0) {
                stopped = true;
                connection.onUpgradeTo(buffer);
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
