/** Cells as text: from a paper's equations to a cell, and from any cell back to text and LaTeX. */
@NullMarked
package io.carousel.notation;

import org.jspecify.annotations.NullMarked;
