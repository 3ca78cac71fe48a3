/** The configurations of the whole model and of its towers, as {@code config.json} has them. */
package io.bridgetower.model.config;
