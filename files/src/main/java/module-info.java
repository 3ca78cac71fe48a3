/** How files are read and written: JSON, files that appear whole or not at all, and the exception for malformed ones. */
module io.bridgetower.files {
    requires com.fasterxml.jackson.core;

    exports io.bridgetower.files;
}
