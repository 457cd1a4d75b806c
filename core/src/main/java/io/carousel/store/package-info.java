/**
 * Floor 7: the model file: weights as safetensors, and a manifest with the preprocessing and the origin.
 */
@NullMarked
package io.carousel.store;

import org.jspecify.annotations.NullMarked;
