/**
 * Floor 6: models, made of layers, and their description in files.
 */
@NullMarked
package io.carousel.model;

import org.jspecify.annotations.NullMarked;
