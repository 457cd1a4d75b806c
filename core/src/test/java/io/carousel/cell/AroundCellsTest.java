package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.expr.Expr;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Scans;
import io.carousel.layer.Recurrent;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Scope;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Zoneout, DropConnect and dropout around cells, each against a cell with the equations written out. */
class AroundCellsTest {
  private static final int I = 3;
  private static final int H = 5;
  private static final int B = 4;
  private static final int T = 6;
  private static final Shape STATE = Shape.of(Shape.B, H);
  private static final Shape STEPS = STATE.insert(0, Shape.T);

  @Test
  void zoneoutLeavesStatesAsTheyWere() {
    Expr toH = Expr.random("recurrent.zoneout0", STEPS).less(Expr.constant(0.25));
    Expr toC = Expr.random("recurrent.zoneout1", STEPS).less(Expr.constant(0.5));
    sameNumbers(
        trained(ZoneoutCell.of(new LstmCell(H), 0.25, 0.5)),
        answered(new Written(2, 4, List.of(toH, toC), (current, s) -> {
          Expr z = current.get(0);
          Expr c = sigmoid(gate(z, 1)).times(s.get(1)).plus(sigmoid(gate(z, 0)).times(tanh(gate(z, 2))));
          Expr h = sigmoid(gate(z, 3)).times(tanh(c));
          Expr stays = current.get(1);
          Expr stored = current.get(2);
          return List.of(
              stays.times(s.get(0)).plus(stays.complement().times(h)),
              stored.times(s.get(1)).plus(stored.complement().times(c)));
        })));
  }

  @Test
  void zoneoutAnswersWithWhatIsExpected() {
    sameNumbers(
        answered(ZoneoutCell.of(new RnnCell(H), 0.25)),
        answered(new Written(1, 1, List.of(), (current, s) ->
            List.of(s.get(0).times(0.25).plus(tanh(current.get(0)).times(0.75))))));
  }

  @Test
  void zoneoutWithoutRatesChangesNothing() {
    sameNumbers(trained(ZoneoutCell.of(new LstmCell(H), 0.0, 0.0)), answered(new LstmCell(H)));
  }

  @Test
  void dropConnectDropsTheSameWeightsAtAllSteps() {
    Cell cell = new DropConnectCell(new LstmCell(H), 0.5);
    Interpreter interpreter = interpreter(model(cell));
    double[] found = interpreter.eval(model(cell).training());
    double[] mask = interpreter.eval(DropoutMask.of(0.5, "recurrent.R", Shape.of(H, 4 * H)));
    assertThat(mask).containsOnly(0, 2).contains(0, 2);
    Model plain = model(new LstmCell(H));
    Interpreter dropped = interpreter(plain);
    double[] r = numbers("recurrent.R", mask.length);
    Arrays.setAll(r, i -> r[i] * mask[i]);
    assertThat(dropped.set("recurrent.R", r).eval(plain.inference())).containsExactly(found);
    assertThat(model(cell).inference()).hasToString(plain.inference().toString());
    assertThat(model(cell).slots()).isEqualTo(plain.slots());
  }

  @Test
  void parametersOfTheSameNameLoseDifferentWeights() {
    Cell cell = new DropConnectCell(new Two(H), 0.5);
    assertThat(model(cell).training().toString())
        .contains("random recurrent.a.R").contains("random recurrent.b.R");
  }

  @Test
  void dropoutOfAGrusStateIsThatOfItsProductsAlone() {
    Expr mask = DropoutMask.of(0.4, "recurrent", STATE);
    sameNumbers(
        trained(new DropoutCell(new GruCell(H, false), 0.4, DropoutCell.Of.STATE)),
        answered(new WrittenGru((gates, x, h) -> {
          Expr in = gates.inputs(x);
          Expr back = h.times(mask).matmul(gates.r());
          Expr r = sigmoid(gates.of(in, 0).plus(gates.of(back, 0)));
          Expr z = sigmoid(gates.of(in, 1).plus(gates.of(back, 1)));
          Expr n = tanh(gates.of(in, 2).plus(r.times(h).times(mask).matmul(gates.of(gates.r(), 2))));
          return z.times(h).plus(z.complement().times(n));
        })));
  }

  @Test
  void dropoutOfAGrusCandidateIsThatOfWhatItWrites() {
    Expr mask = DropoutMask.of(0.4, "recurrent", STEPS);
    sameNumbers(
        trained(new DropoutCell(new Written(1, 2, List.of(), (current, s) -> {
          Expr z = sigmoid(gate(current.get(0), 0));
          Expr n = tanh(gate(current.get(0), 1));
          return List.of(z.times(s.get(0)).plus(z.complement().times(n)));
        }), 0.4, DropoutCell.Of.CANDIDATE)),
        answered(new Written(1, 2, List.of(mask), (current, s) -> {
          Expr z = sigmoid(gate(current.get(0), 0));
          Expr n = tanh(gate(current.get(0), 1));
          return List.of(z.times(s.get(0)).plus(z.complement().times(n).times(current.get(1))));
        })));
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    refused("IndRNN(units=5, activation=relu) multiplies it by none; use zoneout",
        () -> model(new DropoutCell(new IndRnnCell(H), 0.4, DropoutCell.Of.STATE)));
    refused("has 0 such; use Of.STATE",
        () -> model(new DropoutCell(new RnnCell(H), 0.4, DropoutCell.Of.CANDIDATE)));
    refused("sLSTM(units=5, heads=1) has 2 such; use Of.STATE",
        () -> model(new DropoutCell(new SLstmCell(H), 0.4, DropoutCell.Of.CANDIDATE)));
    refused("needs a rate for each of 2 states, got [0.5]", () -> ZoneoutCell.of(new LstmCell(H), 0.5));
    refused("rate must be from 0 to below 1, got 1.0", () -> ZoneoutCell.of(new LstmCell(H), 1.0, 0.0));
    refused("are scaled together and need a rate of 0, got [0.5, 0.0, 0.25, 0.0]",
        () -> ZoneoutCell.of(new SLstmCell(H), 0.5, 0.0, 0.25, 0.0));
    refused("[U] must be parameters of the cell, which has [W, R, b]",
        () -> model(new DropConnectCell(new LstmCell(H), 0.5, Set.of("U"))));
    refused("needs the name of a parameter", () -> new DropConnectCell(new LstmCell(H), 0.5, Set.of()));
    refused("rate must be from 0 to below 1, got -0.5", () -> new DropConnectCell(new LstmCell(H), -0.5));
    refused("units must be a multiple of heads, got units 5 and heads 2", () -> new MLstmCell(H, 2));
    refused("each step must have 3F numbers, F values, their mask and gaps side by side, got 4",
        () -> new GruDCell(H).initials(Shape.of(Shape.B, 4)));
    refused("clip must be above 0, got 0.0", () -> LstmOptions.STANDARD.clip(0));
  }

  // ------------------------------------------------------------------------------------------

  private static void refused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable code) {
    assertThatIllegalArgumentException().isThrownBy(code).withMessageContaining(message);
  }

  private static Expr gate(Expr z, int number) {
    return z.slice(-1, number * H, (number + 1) * H);
  }

  private static Model model(Cell cell) {
    return Model.sequential(Input.sequence(I), Recurrent.of(cell).returnSequences());
  }

  private static double[] trained(Cell cell) {
    return interpreter(model(cell)).eval(model(cell).training());
  }

  private static double[] answered(Cell cell) {
    return interpreter(model(cell)).eval(model(cell).inference());
  }

  private static void sameNumbers(double[] found, double[] expected) {
    assertThat(found).hasSize(T * B * H);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as("element %d", i).isCloseTo(expected[i], within(1e-13));
    }
  }

  private static Interpreter interpreter(Model model) {
    Interpreter interpreter = Interpreter.of(B, T, 7);
    for (Parameters.Slot slot : model.slots()) {
      interpreter.set(slot.name(), numbers(slot.name(), slot.size()));
    }
    interpreter.set(Input.FEATURES, numbers("x", T * B * I));
    return interpreter.set(Input.LENGTHS, new int[] {T, T, T, T});
  }

  private static double[] numbers(String name, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> CounterRandom.normal(CounterRandom.key(1, name), i));
    return numbers;
  }

  /** A cell whose step is given the sum of its gates, then what was made before the loop. */
  private record Written(
      int states, int gates, List<Expr> sequences, BiFunction<List<Expr>, List<Expr>, List<Expr>> next)
      implements Cell {
    @Override
    public int units() {
      return H;
    }

    @Override
    public List<Expr> initials() {
      return Gates.zeros(states, H);
    }

    @Override
    public Step declare(Shape input, Scope scope) {
      Gates declared = Gates.declare(this, gates, input, scope, Initializers.zeros());
      return new Step() {
        @Override
        public List<Expr> sequences(Expr x) {
          List<Expr> all = new ArrayList<>(List.of(x));
          all.addAll(sequences);
          return all;
        }

        @Override
        public Scans.Step step(List<Expr> current, List<Expr> before) {
          List<Expr> given = new ArrayList<>(current);
          given.set(0, declared.sum(current.getFirst(), before.getFirst()));
          List<Expr> nexts = next.apply(given, before);
          return new Scans.Step(nexts, List.of(nexts.getFirst()));
        }
      };
    }
  }

  /** The state after a step of a cell with three gates. */
  private interface Next {
    Expr of(Gates gates, Expr x, Expr h);
  }

  private record WrittenGru(Next next) implements Cell {
    @Override
    public int units() {
      return H;
    }

    @Override
    public List<Expr> initials() {
      return Gates.zeros(1, H);
    }

    @Override
    public Step declare(Shape input, Scope scope) {
      Gates gates = Gates.declare(this, 3, input, scope, Initializers.zeros());
      return (current, states) -> {
        Expr h = next.of(gates, current.getFirst(), states.getFirst());
        return new Scans.Step(List.of(h), List.of(h));
      };
    }
  }

  /** A cell with two parameters called R. */
  private record Two(int units) implements Cell {
    @Override
    public List<Expr> initials() {
      return Gates.zeros(1, units);
    }

    @Override
    public Step declare(Shape input, Scope scope) {
      Gates a = Gates.declare(this, 1, input, scope.child("a"), Initializers.zeros());
      Gates b = Gates.declare(this, 1, input, scope.child("b"), Initializers.zeros());
      return (current, states) -> {
        Expr x = current.getFirst();
        Expr h = tanh(a.sum(x, states.getFirst())).times(b.sum(x, states.getFirst()));
        return new Scans.Step(List.of(h), List.of(h));
      };
    }
  }
}
