package io.bridgetower.hub;

import java.net.URI;

/**
 * What the server says about a file.
 *
 * @param name in the model
 * @param address where to get it
 * @param commit that it belongs to
 * @param etag names its content: SHA-256 for a large file, git's SHA-1 for a small one
 * @param size in bytes, −1 if the server does not say
 */
record RemoteFile(String name, URI address, String commit, String etag, long size) {}
