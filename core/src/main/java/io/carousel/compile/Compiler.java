package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Printer;
import io.carousel.expr.Simplify;
import io.carousel.kernel.Kernels;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

/**
 * From expressions to a program: a list of passes, one a line, then stages, then code.
 *
 * <p>Programs are cached by structure: expressions that print the same compile once.
 */
public final class Compiler {
  /** A rewrite of a whole program. */
  record Pass(String name, UnaryOperator<List<Expr>> rewrite) {}

  /** What happens to the expressions of a program before they become loops, in order. */
  static final List<Pass> PASSES =
      List.of(
          new Pass("simplify", Simplify::simplify),
          new Pass("keep", Keep::keep),
          new Pass("stack sums", Stack::sums),
          new Pass("hoist", Hoist::hoist),
          new Pass("stack products", Stack::products),
          new Pass("simplify", Simplify::simplify),
          new Pass("recompute", Recompute::recompute));

  private static final ConcurrentMap<String, Program> CACHE = new ConcurrentHashMap<>();

  private Compiler() {}

  /** The program that computes these results, with the kernels of this process. */
  public static Program compile(List<Expr> outputs) {
    return compile(outputs, Kernels.chosen());
  }

  /** The same with given kernels. */
  public static Program compile(List<Expr> outputs, Kernels kernels) {
    String key = kernels.bits() + "\n" + Printer.print(outputs);
    Program known = CACHE.get(key);
    if (known == null) {
      known = new Program(outputs, passes(outputs), kernels);
      CACHE.put(key, known);
    }
    return known;
  }

  /** The expressions after all passes. */
  static List<Expr> passes(List<Expr> outputs) {
    List<Expr> roots = outputs;
    for (Pass pass : PASSES) {
      roots = pass.rewrite().apply(roots);
    }
    return roots;
  }
}
