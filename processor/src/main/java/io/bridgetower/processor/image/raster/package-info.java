/** Images as RGB bytes, and resampling as Pillow does it. */
package io.bridgetower.processor.image.raster;
