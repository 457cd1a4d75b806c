package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.layer.Dense;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Schedules by their numbers; those that PyTorch has as well are in {@link GoldenOptimizerTest}. */
class ScheduleTest {
  private static double[] factors(Schedule schedule, int steps) {
    return IntStream.range(0, steps).mapToDouble(step -> schedule.factor(step, steps)).toArray();
  }

  @Test
  void linearRisesAndFalls() {
    assertThat(factors(Schedule.linear(0.2), 10))
        .containsExactly(new double[] {0.5, 1, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125}, within(1e-12));
    assertThat(factors(Schedule.linear(0), 4)).containsExactly(1, 0.75, 0.5, 0.25);
    assertThat(Schedule.constant().factor(9, 10)).isEqualTo(1);
  }

  @Test
  void piecesBeginAtTheirSteps() {
    Schedule pieces = Schedule.piecewise(new long[] {2, 3}, new double[] {0.5, 0.1});
    assertThat(factors(pieces, 5)).containsExactly(1, 1, 0.5, 0.1, 0.1);
    assertThat(factors(Schedule.piecewise(new long[] {}, new double[] {}), 2)).containsExactly(1, 1);
  }

  @Test
  void exponentialIsSmoothWhereStepsAreSteps() {
    assertThat(factors(Schedule.step(2, 0.25), 4)).containsExactly(1, 1, 0.25, 0.25);
    assertThat(factors(Schedule.exponential(2, 0.25), 4))
        .containsExactly(new double[] {1, 0.5, 0.25, 0.125}, within(1e-12));
  }

  @Test
  void warmUpRisesToTheFirstFactorOfTheRest() {
    assertThat(factors(Schedule.piecewise(new long[] {0, 2}, new double[] {0.5, 0.25}).warmUp(0.5), 8))
        .containsExactly(0.125, 0.25, 0.375, 0.5, 0.5, 0.5, 0.25, 0.25);
    assertThat(factors(Schedule.constant().warmUp(0), 2)).containsExactly(1, 1);
  }

  @Test
  void oneCycleHasItsPeakWhereTold() {
    double[] factors = factors(Schedule.oneCycle(0.5), 9);
    assertThat(factors[0]).isEqualTo(0.04, within(1e-12));
    assertThat(factors[8]).isEqualTo(4e-6, within(1e-12));
    assertThat(IntStream.range(0, 9).filter(i -> factors[i] > 0.9)).containsExactly(3, 4);
    assertThat(factors(Schedule.oneCycle(0.3), 1)).as("a run of one step").containsExactly(1);
  }

  @Test
  void aPlateauLowersTheRateAndStartsCountingAnew() {
    Plateau.Watch watch = new Plateau.Watch(new Plateau(0.5, 2, 0.2));
    List<Double> seen = new ArrayList<>();
    for (double figure : new double[] {3, 2, 2, 2.5, 1, 1, 1, 1, 1, 1, 1}) {
      watch.epoch(figure);
      seen.add(watch.factor());
    }
    assertThat(seen).containsExactly(1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2);
  }

  @Test
  void aRunTakesThePlateausFactorTimesTheSchedules() {
    List<Double> rates = new ArrayList<>();
    Trainer trainer =
        Trainer.of(Model.sequential(Input.vector(3), new Dense(1))).loss(Loss.MEAN_SQUARED_ERROR).threads(1)
            .optimizer(new Still(rates)).schedule(Schedule.step(3, 0.1));
    trainer.fit(Samples.sums(8, 1), Fit.epochs(6).batchSize(8).plateau(new Plateau(0.5, 2)));
    assertThat(rates).hasSize(6);
    double[] expected = {1, 1, 1, 0.1 * 0.5, 0.1 * 0.5, 0.1 * 0.25};
    for (int epoch = 0; epoch < 6; epoch++) {
      assertThat(rates.get(epoch)).isEqualTo(expected[epoch], within(1e-12));
    }
  }

  /** Moves nothing, so that no epoch is better than the first, and notes the rates. */
  private record Still(List<Double> rates) implements Optimizer {
    @Override
    public double learningRate() {
      return 1;
    }

    @Override
    public OptimizerState start(Parameters parameters) {
      return new OptimizerState(parameters, 1) {
        @Override
        void prepare(long step, double rate) {
          rates.add(rate);
        }

        @Override
        void update(float[] values, float[] gradients, float scale, int from, int to) {}
      };
    }
  }

  @Test
  void whatMakesNoScheduleIsRefused() {
    refused("warm-up must be from 0", () -> Schedule.linear(1));
    refused("step must have at least 1 step", () -> Schedule.step(0, 0.5));
    refused("exponential must have", () -> Schedule.exponential(1, 0));
    refused("cosine must end from 0 to 1, got 2", () -> Schedule.cosine(2));
    refused("peak above 0 and below 1", () -> Schedule.oneCycle(0));
    refused("a factor for each step, got 1 for 2", () -> Schedule.piecewise(new long[] {1, 2}, new double[] {1}));
    refused(
        "rising steps and factors of at least 0, got 1.0 from step 2",
        () -> Schedule.piecewise(new long[] {2, 2}, new double[] {1, 1}));
    refused("Plateau: the factor must be above 0 and below 1", () -> new Plateau(1, 1));
    refused("patience at least 1", () -> new Plateau(0.5, 0));
  }

  private static void refused(String why, Runnable what) {
    assertThatIllegalArgumentException().isThrownBy(what::run).withMessageContaining(why);
  }
}
