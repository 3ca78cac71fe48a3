/**
 * Models by their names on the Hugging Face Hub: found in the cache that Python shares, downloaded where they are missing.
 * Needs nothing but the JDK.
 */
package io.bridgetower.hub;
