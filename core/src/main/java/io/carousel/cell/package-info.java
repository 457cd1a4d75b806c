/**
 * Floor 4: cells, the equations of one step of a recurrence.
 */
@NullMarked
package io.carousel.cell;

import org.jspecify.annotations.NullMarked;
