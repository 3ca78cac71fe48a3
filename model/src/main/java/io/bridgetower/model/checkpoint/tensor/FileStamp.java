package io.bridgetower.model.checkpoint.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What the file system says of a file at one moment. While none of it changes, neither do the file's bytes.
 *
 * @param path the real path, after all links
 * @param size bytes
 * @param modified time of the last change of the content
 * @param key what tells the file from others that had the same path, empty if unknown
 * @param changed time of the last change of content or attributes, which no program can set back; empty if unknown
 */
public record FileStamp(String path, long size, Instant modified, String key, String changed) {
    public static FileStamp of(Path file) throws IOException {
        Path real = file.toRealPath();
        BasicFileAttributes basic = Files.readAttributes(real, BasicFileAttributes.class);
        String key = "", changed = "";
        if (real.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            Map<String, Object> unix = Files.readAttributes(real, "unix:ino,ctime", LinkOption.NOFOLLOW_LINKS);
            // Not the device, whose number may be another after the next start of the machine.
            key = Objects.toString(unix.get("ino"), "");
            changed = unix.get("ctime") instanceof FileTime time ? time.toString() : "";
        }
        return new FileStamp(
                real.toString(), basic.size(), basic.lastModifiedTime().toInstant(), key, changed);
    }

    /** Whether the file is still the same one, with the same content; its attributes may have changed. */
    public boolean hasContentOf(FileStamp other) {
        return path.equals(other.path)
                && size == other.size
                && modified.equals(other.modified)
                && key.equals(other.key);
    }
}
