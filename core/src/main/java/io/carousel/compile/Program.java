package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Compiled expressions. Immutable, independent of the batch size and the number of steps, and shared
 * by threads; what changes during a run belongs to a {@link Runner}.
 *
 * <p>Its text is the program after all passes, then its stages in order.
 */
public final class Program {
  private final List<Shape> shapes;
  private final List<Expr> roots;
  private final Lowering.Plan plan;
  private final Kernels kernels;

  Program(List<Expr> outputs, List<Expr> roots, Kernels kernels) {
    this.shapes = outputs.stream().map(Expr::shape).toList();
    this.roots = roots;
    this.kernels = kernels;
    this.plan = Lowering.lower(roots);
  }

  /** A runner with a workspace of its own. It must not be used by two threads at once. */
  public Runner runner(Team team) {
    return new Runner(this, team, Runner.SMALL);
  }

  /** For tests: threads share every step, however small. */
  Runner sharingRunner(Team team) {
    return new Runner(this, team, 0);
  }

  /** The shape of each output. */
  public List<Shape> shapes() {
    return shapes;
  }

  public Kernels kernels() {
    return kernels;
  }

  Lowering.Plan plan() {
    return plan;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(io.carousel.expr.Printer.print(roots));
    text.append("stages\n");
    list(plan.stages(), "  ", text);
    return text.toString();
  }

  private static void list(List<Stage> stages, String indent, StringBuilder text) {
    for (Stage stage : stages) {
      text.append(indent).append(stage.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
      switch (stage) {
        case Stage.Elementwise s -> {
          text.append(' ').append(s.inputs()).append(" -> ").append(s.outputs());
          for (Stage.Total total : s.totals()) {
            text.append(total.columns() ? " columns of " : " rows of ").append(total.root()).append(" -> ")
                .append(total.out());
          }
          text.append('\n');
          for (String line : io.carousel.expr.Printer.print(s.roots()).split("\n", -1)) {
            if (!line.isEmpty()) {
              text.append(indent).append("  ").append(line).append('\n');
            }
          }
        }
        case Stage.Product s ->
            text.append(' ').append(s.a()).append(" · ").append(s.matrix())
                .append(s.start() == null ? "" : " + " + s.start()).append(" -> ").append(s.c()).append('\n');
        case Stage.Pack s -> text.append(' ').append(s.packed().matrix()).append(s.packed().isPrepared() ? " (prepared)\n" : "\n");
        case Stage.Loop s -> {
          text.append(s.reverse() ? " reverse" : "").append(s.alone() ? " alone" : "").append(s.lengths() == null ? "" : " lengths " + s.lengths());
          for (Stage.State state : s.states()) {
            text.append("\n").append(indent).append("  state ").append(state.before()).append(" -> ").append(state.after())
                .append(" from ").append(state.initial()).append(state.last() == null ? "" : " last " + state.last());
          }
          text.append('\n');
          list(s.body(), indent + "  ", text);
        }
        default -> text.append(' ').append(stage.views()).append('\n');
      }
    }
  }
}
