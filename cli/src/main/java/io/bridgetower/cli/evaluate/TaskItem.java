package io.bridgetower.cli.evaluate;

import java.nio.file.Path;
import java.util.List;

/**
 * A question or a sentence, and the images that it is about.
 *
 * @param images one, or two that are compared
 */
record TaskItem(String text, List<Path> images) {}
