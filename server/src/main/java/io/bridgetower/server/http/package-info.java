/**
 * HTTP as the routes see it: {@link io.bridgetower.server.http.Exchange}, {@link io.bridgetower.server.http.Route}, errors. Only
 * {@link io.bridgetower.server.http.JettyListener} and {@link io.bridgetower.server.http.JettyExchange} know Jetty.
 */
package io.bridgetower.server.http;
