package io.carousel.expr;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The model of a {@link Golden} file as expressions, with symbolic B and T: its outputs, and the
 * derivative of its loss by whatever the file has gradients of.
 */
public final class GoldenModel {
  private final Golden golden;
  private final Map<String, Expr> outputs = new LinkedHashMap<>();
  private final Map<String, Expr> gradients = new LinkedHashMap<>();

  private GoldenModel(Golden golden) {
    this.golden = golden;
    Expr lengths = golden.hasLengths() ? Expr.intInput("lengths", Shape.of(Shape.B)) : null;
    if (golden.name().startsWith("text")) {
      text(Objects.requireNonNull(lengths));
    } else if (golden.name().startsWith("dense")) {
      dense();
    } else {
      pure(lengths);
    }
    List<Expr> leaves = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Expr node : Graph.topological(List.of(loss()))) {
      String name =
          node.op() instanceof Op.Parameter p ? p.name() : node.op() instanceof Op.Input i ? i.name() : "";
      if (golden.gradients().containsKey(name)) {
        leaves.add(node);
        names.add(name);
      }
    }
    List<Expr> found = Derivative.gradient(loss(), leaves);
    for (int i = 0; i < names.size(); i++) {
      gradients.put(names.get(i), found.get(i));
    }
  }

  public static GoldenModel of(Golden golden) {
    return new GoldenModel(golden);
  }

  public Map<String, Expr> outputs() {
    return outputs;
  }

  public Map<String, Expr> gradients() {
    return gradients;
  }

  public Expr loss() {
    return Objects.requireNonNull(outputs.get("loss"));
  }

  public int batch() {
    return golden.size("B", 1);
  }

  public int time() {
    return golden.size("T", 1);
  }

  /** An interpreter with the inputs and parameters of the file. */
  public Interpreter interpreter() {
    Interpreter interpreter = Interpreter.of(batch(), time(), 0);
    golden.parameters().forEach((name, numbers) -> interpreter.set(name, numbers.values()));
    golden.inputs().forEach(
        (name, numbers) -> {
          interpreter.set(name, numbers.values());
          interpreter.set(name, java.util.Arrays.stream(numbers.values()).mapToInt(v -> (int) v).toArray());
        });
    return interpreter;
  }

  private void pure(@Nullable Expr lengths) {
    int units = golden.size("H", 0);
    int directions = golden.bidirectional() ? 2 : 1;
    int layers = golden.size("layers", 1);
    int runs = layers * directions;
    Shape states = runs == 1 ? Shape.of(Shape.B, units) : Shape.of(runs, Shape.B, units);
    Expr h0 = Expr.input("h0", states);
    Expr c0 = Expr.input("c0", states);
    Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, golden.size("I", 0)));
    List<Expr> hs = new ArrayList<>();
    List<Expr> cs = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      List<Expr> sides = new ArrayList<>();
      for (int direction = 0; direction < directions; direction++) {
        String prefix =
            (layers > 1 ? "layer" + layer + "." : "")
                + (directions == 1 ? "" : direction == 0 ? "forward." : "backward.");
        int run = layer * directions + direction;
        Equations.Run ran =
            Equations.lstm(x, one(h0, run), one(c0, run), prefix, lengths, direction == 1);
        sides.add(ran.output());
        hs.add(ran.h());
        cs.add(ran.c());
      }
      x = Expr.concat(-1, sides);
    }
    Expr h = all(hs);
    Expr c = all(cs);
    outputs.put("output", x);
    outputs.put("h", h);
    outputs.put("c", c);
    outputs.put(
        "loss",
        x.times(Expr.input("lossOutput", x.shape())).sumAll()
            .plus(h.times(Expr.input("lossH", states)).sumAll())
            .plus(c.times(Expr.input("lossC", states)).sumAll()));
  }

  private static Expr one(Expr states, int run) {
    return states.shape().rank() == 2
        ? states
        : states.slice(0, run, run + 1).reshape(states.shape().drop(0));
  }

  private static Expr all(List<Expr> states) {
    return states.size() == 1
        ? states.getFirst()
        : Expr.concat(0, states.stream().map(s -> s.reshape(s.shape().insert(0, 1))).toList());
  }

  private void text(Expr lengths) {
    int units = golden.size("H", 0);
    Expr tokens = Expr.intInput("tokens", Shape.of(Shape.T, Shape.B));
    Expr table = Expr.parameter("embedding", Shape.of(golden.size("V", 0), golden.size("E", 0)));
    Expr x = table.gather(tokens);
    Expr zero = Expr.full(0, Shape.of(Shape.B, units));
    List<Expr> sides = new ArrayList<>();
    List<Expr> lasts = new ArrayList<>();
    for (int direction = 0; direction < (golden.bidirectional() ? 2 : 1); direction++) {
      String prefix = golden.bidirectional() ? (direction == 0 ? "forward." : "backward.") : "";
      Equations.Run run = Equations.lstm(x, zero, zero, prefix, lengths, direction == 1);
      sides.add(run.output());
      lasts.add(run.h());
    }
    Expr output = Expr.concat(-1, sides);
    List<Expr> pooled = new ArrayList<>();
    for (String pooling : golden.pooling()) {
      pooled.add(
          switch (pooling) {
            case "last" -> Expr.concat(-1, lasts);
            case "mean" -> Equations.meanOverTime(output, lengths);
            case "max" -> Equations.maxOverTime(output, lengths);
            default -> throw new IllegalArgumentException(pooling);
          });
    }
    Expr features = Expr.concat(-1, pooled);
    int classes = golden.size("K", 1);
    Expr logits = Equations.dense(features, "dense.", classes);
    outputs.put("output", output);
    outputs.put("pooled", features);
    outputs.put("logits", logits);
    outputs.put("probabilities", classes == 1 ? Expr.sigmoid(logits) : Expr.softmax(logits));
    outputs.put(
        "loss",
        classes == 1
            ? Equations.binaryCrossEntropy(logits, Expr.input("targets", logits.shape()))
            : Equations.categoricalCrossEntropy(logits, Expr.intInput("classes", Shape.of(Shape.B))));
  }

  private void dense() {
    Expr x = Expr.input("x", Shape.of(Shape.B, golden.size("I", 0)));
    Expr hidden = Expr.relu(Equations.dense(x, "dense0.", golden.size("J", 0)));
    Expr output = Equations.dense(hidden, "dense1.", golden.size("K", 0));
    outputs.put("hidden", hidden);
    outputs.put("output", output);
    outputs.put("loss", Equations.mean(output.minus(Expr.input("targets", output.shape())).square()));
  }
}
