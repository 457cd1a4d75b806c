/** Measurements, side by side with peers where there are any; unpublished. Start reading at {@link Main}. */
@NullMarked
package io.carousel.bench;

import org.jspecify.annotations.NullMarked;
