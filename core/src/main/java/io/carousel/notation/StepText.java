package io.carousel.notation;

import io.carousel.cell.Cell;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** One step of any cell, and the derivative of that step, as lines of text. */
final class StepText {
  private StepText() {}

  /** The equations of a step: the next states. */
  static String forward(Cell cell, int features) {
    Parts parts = new Parts(cell, features);
    return EquationWriter.text(EquationWriter.lines(parts.nexts, parts.named, false, "a_", StepText::plain));
  }

  /** The derivatives by the states before the step, the input and the parameters, from those by the next states. */
  static String backward(Cell cell, int features) {
    Parts parts = new Parts(cell, features);
    Expr loss = Expr.constant(0);
    for (Map.Entry<String, Expr> next : parts.nexts.entrySet()) {
      Expr given = Expr.input("d" + next.getKey(), next.getValue().shape());
      loss = loss.plus(next.getValue().times(given).sumAll());
    }
    List<Expr> leaves = new ArrayList<>();
    SequencedMap<String, Expr> gradients = new LinkedHashMap<>();
    for (Expr node : Expr.topological(List.copyOf(parts.nexts.values()))) {
      if (node.op() instanceof Op.Input || node.op() instanceof Op.Parameter) {
        leaves.add(node);
      }
    }
    List<Expr> found = Derivative.gradient(loss, leaves);
    for (int i = 0; i < leaves.size(); i++) {
      Op op = leaves.get(i).op();
      gradients.put("d" + (op instanceof Op.Input input ? input.name() : plain(((Op.Parameter) op).name())), found.get(i));
    }
    Map<String, Expr> named = new LinkedHashMap<>(parts.named);
    named.putAll(parts.nexts);
    return EquationWriter.text(EquationWriter.lines(gradients, named, false, "a_", StepText::plain));
  }

  /** One step with inputs in place of its states and its input. */
  private static final class Parts {
    final SequencedMap<String, Expr> nexts = new LinkedHashMap<>();
    final Map<String, Expr> named;

    Parts(Cell cell, int features) {
      Cell.Step step = cell.declare(Shape.of(Shape.B, features), new Scope("cell", false));
      List<Expr> states = new ArrayList<>();
      List<Expr> initials = cell.initials(Shape.of(Shape.B, features));
      List<String> names = cell.stateNames();
      for (int i = 0; i < initials.size(); i++) {
        states.add(Expr.input(names.get(i), initials.get(i).shape()));
      }
      List<Expr> current = new ArrayList<>();
      List<Expr> sequences = step.sequences(Expr.input("x", Shape.of(Shape.T, Shape.B, features)));
      for (int i = 0; i < sequences.size(); i++) {
        String name = step instanceof TextStep text ? text.element(i)
            : sequences.get(i).op() instanceof Op.Input ? "x" : "s" + (i + 1);
        current.add(Expr.input(name, sequences.get(i).shape().drop(0)));
      }
      List<Expr> made;
      if (step instanceof TextStep text) {
        Builder builder = text.at(current, states);
        made = text.step(builder).nexts();
        named = text.values(builder);
      } else {
        made = step.step(current, states).nexts();
        named = Map.of();
      }
      for (int i = 0; i < made.size(); i++) {
        nexts.put(names.get(i) + "'", made.get(i));
      }
    }
  }

  private static String plain(String name) {
    return name.startsWith("cell.") ? name.substring("cell.".length()) : name;
  }
}
