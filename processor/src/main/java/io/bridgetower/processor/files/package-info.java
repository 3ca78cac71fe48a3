/** How files are written. */
package io.bridgetower.processor.files;
