/** Short programs to start from: one file each, run by the tests. */
@NullMarked
package io.carousel.examples;

import org.jspecify.annotations.NullMarked;
