/**
 * Floor 1: hand-written kernels, vector and scalar, and the team of threads that runs them. Not exported.
 */
@NullMarked
package io.carousel.kernel;

import org.jspecify.annotations.NullMarked;
