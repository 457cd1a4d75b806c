/**
 * Floor 2: the compiler from expressions to programs of generated kernels, pass by pass. Not exported.
 */
@NullMarked
package io.carousel.compile;

import org.jspecify.annotations.NullMarked;
