/**
 * Floor 1: expressions, the one representation of cells, layers, losses and models, with their printing,
 * derivative and interpreter.
 */
@NullMarked
package io.carousel.expr;

import org.jspecify.annotations.NullMarked;
