/** Reading and writing of files, shared by the other modules. */
package io.bridgetower.files;
