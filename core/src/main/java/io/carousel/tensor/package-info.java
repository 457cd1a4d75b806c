/**
 * Floor 0: shapes, tensors and counter-based random numbers, which every room above speaks in.
 */
@NullMarked
package io.carousel.tensor;

import org.jspecify.annotations.NullMarked;
