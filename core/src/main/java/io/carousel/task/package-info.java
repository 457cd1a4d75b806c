/**
 * Floor 9: ready-made jobs: a pipeline, a recipe and its figures in one object.
 */
@NullMarked
package io.carousel.task;

import org.jspecify.annotations.NullMarked;
