/**
 * Floor 5: layers, from the signal before to the signal after, over whole sequences.
 */
@NullMarked
package io.carousel.layer;

import org.jspecify.annotations.NullMarked;
