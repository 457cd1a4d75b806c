/**
 * Floor 3: data sets, batches with lengths, splits, and the way from texts to numbers.
 */
@NullMarked
package io.carousel.data;

import org.jspecify.annotations.NullMarked;
