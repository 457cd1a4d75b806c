package io.carousel.parameter;

import io.carousel.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the parameters of a whole model begin, where no {@link Rule} says otherwise. */
public enum Defaults {
  /** As each layer says: Keras's defaults. */
  KERAS,

  /**
   * PyTorch's: matrices and their biases uniform in ±1/√inputs, those of recurrent layers in ±1/√units, tables of
   * embeddings normal. Layers without matrices begin as they say. (Differs from PyTorch for attention, whose matrices
   * begin Glorot uniform there.)
   */
  PYTORCH;

  /**
   * How one parameter begins.
   *
   * @param all all parameters of the model
   */
  public Initializer of(Scope.Declaration one, List<Scope.Declaration> all) {
    Initializer ruled = one.rule().initializer();
    if (ruled != null || this == KERAS) {
      return ruled != null ? ruled : one.initializer();
    }
    if (one.initializer().equals(Initializers.table())) {
      return Initializers.normal(1);
    }
    String layer = one.name().substring(0, one.name().lastIndexOf('.') + 1);
    List<Scope.Declaration> together =
        all.stream().filter(each -> each.name().startsWith(layer) && each.name().indexOf('.', layer.length()) < 0)
            .toList();
    Shape matrix = first(together, Initializers.orthogonal());
    matrix = matrix != null ? matrix : first(together, Initializers.glorotUniform());
    if (matrix == null) {
      return one.initializer();
    }
    double inputs = matrix.count() / (double) matrix.size(-1);
    return Initializers.uniform(1 / Math.sqrt(inputs));
  }

  private static @Nullable Shape first(List<Scope.Declaration> among, Initializer beginning) {
    for (Scope.Declaration each : among) {
      if (each.initializer().equals(beginning)) {
        return each.shape();
      }
    }
    return null;
  }
}
