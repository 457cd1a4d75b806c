/** Measurements, side by side with peers where there are any; unpublished. */
@NullMarked
package io.carousel.bench;

import org.jspecify.annotations.NullMarked;
