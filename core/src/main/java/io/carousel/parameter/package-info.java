/**
 * Floor 3: what equations declare, named numbers that training changes, and how they begin.
 */
@NullMarked
package io.carousel.parameter;

import org.jspecify.annotations.NullMarked;
