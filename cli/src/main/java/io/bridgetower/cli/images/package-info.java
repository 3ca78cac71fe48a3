/** Images that are named on the command line: files, patterns, lists, standard input and addresses. */
package io.bridgetower.cli.images;
