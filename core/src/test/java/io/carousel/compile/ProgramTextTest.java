package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.expr.Derivative;
import io.carousel.expr.Equations;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.kernel.Kernels;
import io.carousel.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compiled programs as printed: a change of the compiler shows in the files of {@code
 * src/test/resources/programs}, where it can be reviewed, and never happens by accident.
 */
final class ProgramTextTest {
  private static final String REGENERATE =
      "mvn -pl core test -Dtest=ProgramTextTest -Dcarousel.test.regenerate=true";

  private static final Shape SEQUENCE = Shape.of(Shape.T, Shape.B, 16);
  private static final Expr LENGTHS = Expr.intInput("lengths", Shape.of(Shape.B));

  private static Map<String, List<Expr>> programs() {
    Expr zero = Expr.full(0, Shape.of(Shape.B, 32));
    Equations.Run one = Equations.lstm(Expr.input("x", SEQUENCE), zero, zero, "", LENGTHS, false);
    Expr table = Expr.parameter("embedding", Shape.of(1000, 16));
    Expr words = table.gather(Expr.intInput("tokens", Shape.of(Shape.T, Shape.B)));
    Equations.Run there = Equations.lstm(words, zero, zero, "forward.", LENGTHS, false);
    Equations.Run back = Equations.lstm(words, zero, zero, "backward.", LENGTHS, true);
    Expr logits = Equations.dense(Expr.concat(-1, List.of(there.h(), back.h())), "dense.", 1);
    Expr loss = Equations.binaryCrossEntropy(logits, Expr.input("targets", logits.shape()));
    return Map.of(
        "lstm_forward", List.of(one.output(), one.h()),
        "lstm_training", training(one.output().times(Expr.input("probe", one.output().shape())).sumAll()),
        "text_forward", List.of(Expr.sigmoid(logits)),
        "text_training", training(loss));
  }

  private static List<Expr> training(Expr loss) {
    List<Expr> parameters = new ArrayList<>();
    for (Expr node : Graph.topological(List.of(loss))) {
      if (node.op() instanceof Op.Parameter) {
        parameters.add(node);
      }
    }
    List<Expr> roots = new ArrayList<>(List.of(loss));
    roots.addAll(Derivative.gradient(loss, parameters));
    return roots;
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm_forward", "lstm_training", "text_forward", "text_training"})
  void aProgramIsWhatItWas(String name) throws IOException {
    String text = Compiler.compile(Objects.requireNonNull(programs().get(name)), Kernels.scalar()).toString();
    if (Boolean.getBoolean("carousel.test.regenerate")) {
      Path folder = Files.createDirectories(Path.of("src/test/resources/programs"));
      Files.writeString(folder.resolve(name + ".txt"), text);
      return;
    }
    try (InputStream file = ProgramTextTest.class.getResourceAsStream("/programs/" + name + ".txt")) {
      String known = new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text)
          .as("The compiled program %s has changed. If it was meant to, run\n%s", name, REGENERATE)
          .isEqualTo(known);
    }
  }

  /** What is printed does not depend on the kernels, nor on what was compiled before. */
  @ParameterizedTest
  @ValueSource(strings = {"lstm_training", "text_training"})
  void theSameForAllKernels(String name) {
    List<Expr> roots = Objects.requireNonNull(programs().get(name));
    String text = Compiler.compile(roots, Kernels.scalar()).toString();
    for (Kernels kernels : Differential.KERNELS) {
      assertThat(Compiler.compile(Objects.requireNonNull(programs().get(name)), kernels)).hasToString(text);
    }
    assertThat(new Program(roots, Compiler.passes(roots), Kernels.scalar())).hasToString(text);
  }
}
