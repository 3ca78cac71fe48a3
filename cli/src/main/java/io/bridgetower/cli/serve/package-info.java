/** {@code serve}: the models over HTTP. */
package io.bridgetower.cli.serve;
