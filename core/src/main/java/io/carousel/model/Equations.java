package io.carousel.model;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.layer.Layer;
import io.carousel.layer.Named;
import io.carousel.layer.Recurrent;
import io.carousel.layer.Ruled;
import io.carousel.layer.Signal;
import io.carousel.notation.EquationWriter;
import io.carousel.notation.Latex;
import io.carousel.notation.TextCell;
import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The equations of a model, layer by layer, as text or as LaTeX: of each its input x, its output y, its parameters with
 * their sizes; of a recurrent one those of a step. A cell that was read from a text has its text's equations, all others
 * those of their expressions.
 */
final class Equations {
  private final Wiring wiring;
  private final Expressions built;
  private final boolean latex;
  private final StringBuilder all = new StringBuilder();

  private Equations(Wiring wiring, Expressions built, boolean latex) {
    this.wiring = wiring;
    this.built = built;
    this.latex = latex;
  }

  static String of(Wiring wiring, Expressions built, boolean latex) {
    Equations equations = new Equations(wiring, built, latex);
    for (int i = 0; i < wiring.places().size(); i++) {
      if (!wiring.places().get(i).isInput()) {
        equations.layer(i);
      }
    }
    return equations.all.toString();
  }

  private void layer(int number) {
    Wiring.Place place = wiring.places().get(number);
    Map<Expr, Expr> given = new IdentityHashMap<>();
    List<String> inputs = new ArrayList<>();
    for (int k = 0; k < place.before().size(); k++) {
      Wiring.Wire wire = place.before().get(k);
      Signal before = built.signals(wire.place()).get(wire.part());
      String name = place.before().size() == 1 ? "x" : "x_" + (k + 1);
      inputs.add(name + " = " + wiring.name(wire) + " " + before.shapeText());
      give(given, before.value(), name);
      if (before.last() != null) {
        give(given, before.last(), name + "_T");
      }
    }
    Signal after = built.signals(number).getFirst();
    List<String> sizes = new ArrayList<>();
    for (Scope.Declaration each : built.declared(number)) {
      String name = local(place, each.name());
      sizes.add((latex ? "$" + symbol(name, Set.of(), Set.of()) + "$" : name) + " " + each.shape());
    }
    head(place, inputs, after, sizes);

    Layer own = place.layer();
    while (own instanceof Named || own instanceof Ruled) {
      own = own instanceof Named named ? named.layer() : ((Ruled) own).layer();
    }
    if (own instanceof Recurrent recurrent && recurrent.cell() instanceof TextCell cell) {
      all.append(latex ? cell.text().latex() : cell.text().text().strip().indent(2)).append('\n');
      return;
    }
    Loops loops = new Loops(place, own instanceof Recurrent recurrent ? recurrent.cell() : null);
    SequencedMap<String, Expr> y = new LinkedHashMap<>();
    y.put("y", rewritten(after.value(), given, loops));
    String prefix = loops.done.isEmpty() ? "a_" : "r_";
    write(EquationWriter.lines(y, Map.of(), latex, prefix, name -> symbol(local(place, name), Set.of(), loops.steps)));
    all.append('\n');
  }

  /** A layer's expression without its loops, made of what is given; what that is made of is left alone. */
  private static Expr rewritten(Expr node, Map<Expr, Expr> done, Loops loops) {
    Expr known = done.get(node);
    if (known == null) {
      known = loops.rule(node.withArgs(node.args().stream().map(arg -> rewritten(arg, done, loops)).toList()));
      done.put(node, known);
    }
    return known;
  }

  private static void give(Map<Expr, Expr> given, Expr value, String name) {
    given.putIfAbsent(value, value.isInt() ? Expr.intInput(name, value.shape()) : Expr.input(name, value.shape()));
  }

  private void head(Wiring.Place place, List<String> inputs, Signal after, List<String> sizes) {
    if (latex) {
      all.append("\\paragraph{").append(escaped(place.name())).append("} ").append(escaped(place.layer().toString()))
          .append(": ").append(inputs.stream().map(Equations::escaped).collect(Collectors.joining(", ")))
          .append("; y ").append(escaped(after.shapeText()))
          .append(sizes.isEmpty() ? "" : "; " + String.join(", ", sizes)).append('\n');
    } else {
      all.append(place.name()).append(": ").append(place.layer()).append("\n  ").append(String.join(", ", inputs))
          .append("; y ").append(after.shapeText()).append('\n');
      if (!sizes.isEmpty()) {
        all.append("  ").append(String.join(", ", sizes)).append('\n');
      }
    }
  }

  /** Takes loops out of a layer's expressions: the equations of a step are written, and names stand for what they give. */
  private final class Loops {
    final Set<String> steps = new HashSet<>(); // names of sequences
    private final Wiring.Place place;
    private final List<String> states;
    private final Map<Expr, Integer> done = new IdentityHashMap<>();

    Loops(Wiring.Place place, @Nullable Cell cell) {
      this.place = place;
      this.states = cell == null ? Cell.STATE_NAMES : cell.stateNames();
    }

    Expr rule(Expr node) {
      if (!(node.op() instanceof Op.Part part)) {
        return node;
      }
      Expr scan = node.arg(0);
      Integer number = done.get(scan);
      if (number == null) {
        number = done.size();
        done.put(scan, number);
        step(scan, number);
      }
      String suffix = number == 0 ? "" : "_" + number;
      int ys = Scans.of(scan).body().ys().size();
      int count = Scans.of(scan).body().states().size();
      if (part.number() >= ys && part.number() < ys + count) {
        return Expr.input(state(part.number() - ys) + suffix + "_T", node.shape());
      }
      String name = (part.number() == 0 ? state(0) : "y" + part.number()) + suffix;
      steps.add(name);
      return Expr.input(name, node.shape());
    }

    private String state(int number) {
      return number < states.size() ? states.get(number) : "s_" + number;
    }

    /** The equations of one step. */
    private void step(Expr scan, int number) {
      Op.Body body = Scans.of(scan).body();
      String suffix = number == 0 ? "" : "_" + number;
      Set<String> before = new HashSet<>();
      SequencedMap<String, Expr> sequences = new LinkedHashMap<>();
      List<Expr> elements = new ArrayList<>();
      for (Expr element : Scans.elements(scan)) {
        String name = element.op() instanceof Op.Input in ? in.name() : "s_" + (sequences.size() + 1) + suffix;
        if (!(element.op() instanceof Op.Input)) {
          sequences.put(name, element);
        }
        steps.add(name);
        elements.add(Expr.input(name, element.shape().drop(0)));
      }
      write(EquationWriter.lines(sequences, Map.of(), latex, "q_", name -> symbol(local(place, name), before, steps)));
      List<Expr> inputs = new ArrayList<>();
      for (int i = 0; i < body.states().size(); i++) {
        before.add(state(i) + suffix);
        inputs.add(Expr.input(state(i) + suffix, body.states().get(i)));
      }
      List<Expr> captured = Scans.captured(scan);
      List<Expr> nexts = Graph.rewrite(body.roots(), node -> node.op() instanceof Op.Placeholder p && p.scope() == 0
          ? switch (p.role()) {
            case ELEMENT -> elements.get(p.number());
            case STATE -> inputs.get(p.number());
            case CAPTURED -> captured.get(p.number());
          }
          : node);
      SequencedMap<String, Expr> results = new LinkedHashMap<>();
      for (int i = 0; i < body.states().size(); i++) {
        results.put(state(i) + suffix + "'", nexts.get(i));
      }
      if (Scans.of(scan).reverse()) {
        all.append(latex ? "from the last step to the first:\n" : "  from the last step to the first:\n");
      }
      write(EquationWriter.lines(results, Map.of(), latex, "a_", name -> symbol(local(place, name), before, null)));
    }
  }

  private void write(List<EquationWriter.Line> lines) {
    if (lines.isEmpty()) {
      return;
    }
    if (latex) {
      all.append("\\begin{align*}\n").append(lines.stream().map(line -> "  " + line.name() + " &= " + line.right())
          .collect(Collectors.joining(" \\\\\n"))).append("\n\\end{align*}\n");
    } else {
      lines.forEach(line -> all.append("  ").append(line.name()).append(" = ").append(line.right()).append('\n'));
    }
  }

  /** A parameter's name within its layer. */
  private static String local(Wiring.Place place, String name) {
    Layer layer = place.layer();
    String own = (layer instanceof Named named ? named.name() : place.name()) + ".";
    return name.startsWith(own) ? name.substring(own.length()) : name;
  }

  /**
   * A name as it is written.
   *
   * @param before the states before the step
   * @param steps what there is at each step, or null if that is all but parameters
   */
  private String symbol(String name, Set<String> before, @Nullable Set<String> steps) {
    if (!latex) {
      return name;
    }
    if (name.endsWith("'")) {
      return Latex.symbol(name.substring(0, name.length() - 1), "t");
    }
    boolean inStep = steps == null ? name.matches("(x|s|a|q|y)(_\\d+)?") || name.startsWith("s_") : steps.contains(name);
    return Latex.symbol(name, before.contains(name) ? "t-1" : inStep ? "t" : "");
  }

  private static String escaped(String text) {
    return text.replace("_", "\\_").replace("%", "\\%").replace("#", "\\#").replace("&", "\\&");
  }
}
