/**
 * Floor 8: losses, optimizers, metrics and the trainer.
 */
@NullMarked
package io.carousel.train;

import org.jspecify.annotations.NullMarked;
