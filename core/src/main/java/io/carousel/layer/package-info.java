/**
 * Floor 3: cells and layers as equations, their initial parameters, and models made of them.
 */
@NullMarked
package io.carousel.layer;

import org.jspecify.annotations.NullMarked;
