import org.jspecify.annotations.NullMarked;

/**
 * Sequence learning for the JVM: recurrent models as equations, compiled to vector kernels.
 *
 * <p>Not exported: {@code kernel} and {@code compile}, which may change with every release.
 */
@NullMarked
module io.carousel.core {
  requires jdk.incubator.vector;
  requires tools.jackson.databind;
  requires de.siegmar.fastcsv;
  requires static org.jspecify;

  exports io.carousel.tensor;
  exports io.carousel.expr;
  exports io.carousel.parameter;
  exports io.carousel.cell;
  exports io.carousel.layer;
  exports io.carousel.notation;
  exports io.carousel.model;
  exports io.carousel.data;
  exports io.carousel.store;
  exports io.carousel.train;
  exports io.carousel.serve;
  exports io.carousel.task;
}
