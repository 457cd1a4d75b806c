/**
 * Floor 8: prediction with a trained model. No training code.
 */
@NullMarked
package io.carousel.serve;

import org.jspecify.annotations.NullMarked;
