/** JSON and files, for this module alone. */
package io.bridgetower.model.files;
