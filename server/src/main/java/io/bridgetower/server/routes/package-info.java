/**
 * What the server answers, a class for each family of routes. Begin with {@link io.bridgetower.server.routes.Routes}, the table,
 * and {@link io.bridgetower.server.routes.Service}, by which all of them compute.
 */
package io.bridgetower.server.routes;
