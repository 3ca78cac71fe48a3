/** BridgeTower models over HTTP. */
module io.bridgetower.server {
    requires com.fasterxml.jackson.core;
    requires io.prometheus.metrics.core;
    requires io.prometheus.writer.text;
    requires io.prometheus.metrics.model;
    requires org.eclipse.jetty.alpn.server;
    requires org.eclipse.jetty.http2.server;
    requires org.eclipse.jetty.server;
    requires transitive io.bridgetower;

    exports io.bridgetower.server;
    exports io.bridgetower.server.http to
            io.bridgetower.cli;
}
