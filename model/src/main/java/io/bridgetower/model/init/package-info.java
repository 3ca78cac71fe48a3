/** Random weights for a configuration. */
package io.bridgetower.model.init;
