/** Commands on the heads of the paper's tasks: {@code ask}, {@code entail}, {@code compare}. */
package io.bridgetower.cli.answer;
