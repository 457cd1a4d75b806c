/**
 * Cells as text: from a paper's equations to a cell, and from any cell back to text and LaTeX.
 *
 * <p>The way of a text: {@code Lexer} → {@code Parser} → {@code Syntax}, the tree as it was written → {@code Names}, what
 * each name is → {@code Order} of the equations → {@code Shapes} → {@link io.carousel.notation.TextCell}, whose {@code
 * Builder} makes expressions of the tree. All that can be wrong is an error at its place of the text.
 */
@NullMarked
package io.carousel.notation;

import org.jspecify.annotations.NullMarked;
