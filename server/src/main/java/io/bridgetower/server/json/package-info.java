/** JSON of requests and answers. Begin with {@link io.bridgetower.server.json.Field}. */
package io.bridgetower.server.json;
