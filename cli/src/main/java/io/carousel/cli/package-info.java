/** The command line: one class a command. */
@NullMarked
package io.carousel.cli;

import org.jspecify.annotations.NullMarked;
