package io.bridgetower.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ComplaintTest {
    @Test
    void exceptionsBecomeSentences() {
        assertEquals("a.png: no such file", Complaint.of(new NoSuchFileException("a.png")));
        assertEquals("dir: no weights", Complaint.of(new NoSuchFileException("dir", null, "no weights")));
        assertEquals("a.png: permission denied", Complaint.of(new AccessDeniedException("a.png")));
        assertEquals(
                "a.png: Too many open files",
                Complaint.of(new FileSystemException("a.png", null, "Too many open files")));
        assertEquals("Is a directory", Complaint.of(new IOException("Is a directory")));
        assertEquals("threads: expected", Complaint.of(new IllegalArgumentException("threads: expected")));
        assertTrue(Complaint.of(new OutOfMemoryError("Java heap space")).contains("-Xmx"));
    }

    @Test
    void whatNobodyExpectedSaysHowToFindOutMore() {
        for (Throwable e : new Throwable[] {new NullPointerException(), new IOException(), new StackOverflowError()}) {
            String complaint = Complaint.of(e);
            assertTrue(complaint.startsWith("unexpected ") && complaint.contains("--verbose"), complaint);
        }
    }
}
