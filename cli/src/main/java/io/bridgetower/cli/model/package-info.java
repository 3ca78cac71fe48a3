/** Commands on checkpoints: {@code info}, {@code init}, {@code convert}, {@code pull}. */
package io.bridgetower.cli.model;
