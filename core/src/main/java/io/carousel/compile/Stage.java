package io.carousel.compile;

import io.carousel.expr.Expr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a program does, one loop nest at a time, without saying how: the half of the compiler that
 * knows expressions ends here, and the half that knows the machine begins.
 */
sealed interface Stage {
  /**
   * Elementwise work over a common shape: {@code outputs[i] = roots[i](inputs…)}, and sums of roots. Roots
   * beyond the outputs are only summed.
   */
  record Elementwise(List<View> inputs, List<Expr> roots, List<View> outputs, List<Total> totals)
      implements Stage {}

  /**
   * A sum over what an elementwise loop computes.
   *
   * @param root the number of the root
   * @param columns true for a sum of each column over all rows, false for one of each row, the last axis
   */
  record Total(int root, boolean columns, View out) {}

  /** {@code c = start + a·matrix} over rows. */
  record Product(View a, Packed matrix, View c, @Nullable View start) implements Stage {}

  /** A matrix [K,N] packed for products. */
  record Pack(Packed packed) implements Stage {}

  /**
   * {@code cs[i] = as[i]ᵀ·b} summed over rows, for all contractions that share b.
   *
   * @param sums where the sums of b's columns go, if they are wanted too
   */
  record Contract(List<View> as, View b, List<View> cs, @Nullable View sums) implements Stage {}

  /** {@code c[…] = a[…]·b[…]}. */
  record BatchProduct(View a, View b, View c) implements Stage {}

  record Gather(View table, View indices, View out) implements Stage {}

  record ScatterAdd(View indices, View rows, View out) implements Stage {}

  record Pick(View in, View indices, View out) implements Stage {}

  record Sum(View in, View out, List<Integer> axes) implements Stage {}

  record Max(View in, View out, int axis) implements Stage {}

  record Softmax(View in, View out) implements Stage {}

  record LogSumExp(View in, View out) implements Stage {}

  record Copy(View in, View out) implements Stage {}

  /** The steps of each row in the opposite order within its length, zeros beyond. */
  record Flip(View in, View lengths, View out) implements Stage {}

  record Fill(double value, View out) implements Stage {}

  record Random(String stream, View out) implements Stage {}

  record Index(int axis, View out) implements Stage {}

  record Cast(View in, View out) implements Stage {}

  /** Whole numbers of whole numbers: max(0, ⌊(x + more) / by⌋). */
  record Steps(View in, View out, int more, int by) implements Stage {}

  /**
   * A loop over time.
   *
   * @param steps the size of the axis that it runs over
   * @param alone true if it is no affair of rows, so that one thread must do it all
   * @param outputs what becomes zero at masked places
   */
  record Loop(
      int steps, boolean reverse, boolean alone, @Nullable View lengths, List<State> states, List<View> outputs,
      List<Stage> body)
      implements Stage {}

  /**
   * A state of a loop.
   *
   * @param initial what it is before the first step
   * @param before where a step finds it
   * @param after where a step leaves it
   * @param last where it shall be after the last step, if anywhere
   */
  record State(View initial, View before, View after, @Nullable View last) {}

  /** A matrix of fixed size for products; how it is packed is the target's affair. */
  final class Packed {
    private final View matrix;
    private final boolean prepared;

    Packed(View matrix, boolean prepared) {
      this.matrix = matrix;
      this.prepared = prepared;
    }

    View matrix() {
      return matrix;
    }

    /** True if it depends on parameters alone. */
    boolean isPrepared() {
      return prepared;
    }

    int depth() {
      return matrix.shape().size(0);
    }

    int columns() {
      return matrix.shape().size(1);
    }

    @Override
    public String toString() {
      return "packed " + matrix;
    }
  }

  /** All views that the stage reads or writes. */
  default List<View> views() {
    List<View> views = new ArrayList<>();
    switch (this) {
      case Elementwise s -> {
        views.addAll(s.inputs());
        views.addAll(s.outputs());
        s.totals().forEach(total -> views.add(total.out()));
      }
      case Product s -> {
        views.add(s.a());
        views.add(s.c());
        if (s.start() != null) {
          views.add(s.start());
        }
      }
      case Pack s -> views.add(s.packed().matrix());
      case Contract s -> {
        views.addAll(s.as());
        views.add(s.b());
        views.addAll(s.cs());
        if (s.sums() != null) {
          views.add(s.sums());
        }
      }
      case BatchProduct s -> views.addAll(List.of(s.a(), s.b(), s.c()));
      case Gather s -> views.addAll(List.of(s.table(), s.indices(), s.out()));
      case ScatterAdd s -> views.addAll(List.of(s.indices(), s.rows(), s.out()));
      case Pick s -> views.addAll(List.of(s.in(), s.indices(), s.out()));
      case Sum s -> views.addAll(List.of(s.in(), s.out()));
      case Max s -> views.addAll(List.of(s.in(), s.out()));
      case Softmax s -> views.addAll(List.of(s.in(), s.out()));
      case LogSumExp s -> views.addAll(List.of(s.in(), s.out()));
      case Copy s -> views.addAll(List.of(s.in(), s.out()));
      case Flip s -> views.addAll(List.of(s.in(), s.lengths(), s.out()));
      case Fill s -> views.add(s.out());
      case Random s -> views.add(s.out());
      case Index s -> views.add(s.out());
      case Cast s -> views.addAll(List.of(s.in(), s.out()));
      case Steps s -> views.addAll(List.of(s.in(), s.out()));
      case Loop s -> {
        if (s.lengths() != null) {
          views.add(s.lengths());
        }
        for (State state : s.states()) {
          views.addAll(List.of(state.initial(), state.before(), state.after()));
          if (state.last() != null) {
            views.add(state.last());
          }
        }
        views.addAll(s.outputs());
        for (Stage stage : s.body()) {
          views.addAll(stage.views());
        }
      }
    }
    return views;
  }
}
