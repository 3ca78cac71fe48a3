package io.bridgetower.jobs.journal;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files that a job writes, all in one directory. A symbolic link to an output stands for the file that it leads to, so
 * that jobs which name one output differently meet.
 *
 * @param output gets its name when all results are there
 * @param part results so far
 * @param journal what is computed and how far it has come
 */
public record JobFiles(Path output, Path part, Path journal) {
    /** @throws NoSuchFileException if there is no directory for them */
    public static JobFiles of(Path output) throws IOException {
        Path directory = output.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new NoSuchFileException(output.toString(), null, "there is no directory " + directory);
        }
        Path file = Files.isSymbolicLink(output) && Files.exists(output) ? output.toRealPath() : output;
        return new JobFiles(
                file,
                file.resolveSibling(file.getFileName() + ".part"),
                file.resolveSibling(file.getFileName() + ".journal"));
    }

    /**
     * Checks that nothing which is to be read would be written over.
     *
     * @param named the output as it was named, perhaps by a link
     * @throws FileSystemException if the input is one of these files, or one of these is no file that can be written
     */
    public void checkInput(Path input, Path named) throws IOException {
        for (Path file : List.of(named, part, journal)) {
            if (!Files.exists(file)) continue;
            if (!Files.isRegularFile(file)) {
                throw new FileSystemException(
                        file.toString(), null, "exists and is not a regular file; write to another file");
            }
            if (Files.isSameFile(file, input)) {
                throw new FileSystemException(
                        file.toString(), null, "is the same file as the input " + input + "; write to another file");
            }
        }
    }

    /**
     * Checks that a job may begin where none is to be resumed.
     *
     * @throws FileAlreadyExistsException if there is an output, or a part of one
     */
    public void checkVacant() throws FileAlreadyExistsException {
        if (Files.exists(output)) throw new FileAlreadyExistsException(output.toString(), null, "exists already");
        if (!Files.exists(part)) return;
        throw new FileAlreadyExistsException(part.toString(), null, "exists already: a job that has not ended");
    }

    /**
     * Checks that a job may begin where one was to be resumed, but there is no journal.
     *
     * @throws FileAlreadyExistsException if there is an output, or a part that has content
     */
    public void checkNothingToResume() throws IOException {
        if (Files.exists(part) && Files.size(part) > 0) {
            throw new FileAlreadyExistsException(
                    part.toString(),
                    null,
                    "cannot be resumed without " + journal
                            + ", which says what it is part of; put that back or move the" + " part away");
        }
        if (Files.exists(output)) throw new FileAlreadyExistsException(output.toString(), null, "exists already");
    }

    /**
     * Whether the job of a journal has ended: its output is there and whole.
     *
     * @param total rows of the input
     * @throws MalformedFileException if the files are not as the last checkpoint says
     */
    public boolean hasEnded(Journal.Checkpoint last, long total) throws IOException {
        if (last.rows() > total) {
            throw new MalformedFileException(journal, "rows", "expected at most " + total + ", found " + last.rows());
        }
        if (Files.exists(part)) {
            if (Files.size(part) >= last.bytes()) return false;
            throw new MalformedFileException(
                    part,
                    null,
                    "has " + Files.size(part) + " bytes, expected at least the " + last.bytes() + " that " + journal
                            + " speaks of");
        }
        boolean ended = last.rows() == total && Files.exists(output);
        if (ended && Files.size(output) == last.bytes()) return true;
        if (ended) {
            throw new MalformedFileException(
                    output,
                    null,
                    "has " + Files.size(output) + " bytes, expected the " + last.bytes() + " that " + journal
                            + " speaks of");
        }
        if (last.rows() == 0) return false;
        throw new MalformedFileException(
                journal, null, "speaks of " + last.rows() + " rows in " + part + ", which is not there");
    }
}
