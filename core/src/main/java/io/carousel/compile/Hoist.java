package io.carousel.compile;

import io.carousel.expr.Expr;
import java.util.List;

final class Hoist {
  private Hoist() {}

  static List<Expr> hoist(List<Expr> roots) {
    return roots;
  }
}
