package io.carousel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.layer.Dense;
import io.carousel.layer.Gru;
import io.carousel.layer.Lstm;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.model.State;
import io.carousel.parameter.Parameters;
import io.carousel.serve.Predictor;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.Adam;
import io.carousel.train.Loss;
import io.carousel.train.OptimizerState;
import io.carousel.train.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  private static final Model MODEL = Model.sequential(
      Input.sequence(2), new Gru(4).returnSequences(), new Lstm(3), new Dense(1, Activation.SIGMOID));

  @TempDir Path folder;

  /** A piece of two rows. */
  private static Batch piece(int steps, long key) {
    float[] x = new float[steps * 2 * 2];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) CounterRandom.normal(key, i);
    }
    return new Batch(steps, null, x, new int[] {steps, steps}, new int[] {0, 1}, null);
  }

  private State begun(Parameters parameters) {
    State state = State.of(MODEL, 2);
    try (Predictor predictor = Predictor.of(MODEL, parameters, 1)) {
      predictor.predict(piece(3, 1), state);
    }
    return state.reset(1);
  }

  @Test
  void itAnswersOn() throws IOException {
    Parameters parameters = MODEL.build(1);
    State state = begun(parameters);
    Path file = folder.resolve("a.state");
    StateFile.write(file, state, parameters);
    State read = StateFile.read(file, MODEL, parameters);
    try (Predictor predictor = Predictor.of(MODEL, parameters, 1)) {
      float[][] found = predictor.predict(piece(2, 2), read);
      assertThat(found).isDeepEqualTo(predictor.predict(piece(2, 2), state));
      float[][] anew = predictor.predict(piece(2, 2));
      assertThat(found[0]).isNotEqualTo(anew[0]);
      assertThat(found[1]).as("was to begin anew").containsExactly(anew[1]);
    }
  }

  /** Stopped after some pieces and gone on with from files, training gives the bits of an uninterrupted run. */
  @Test
  void itTrainsOn() throws IOException {
    Path file = folder.resolve("b.state");
    Parameters whole = MODEL.build(1);
    Parameters stopped = MODEL.build(1);
    State state = State.of(MODEL, 2);
    train(whole, new Adam(0.01).start(whole), state, 0, 4);
    OptimizerState adam = new Adam(0.01).start(stopped);
    State half = State.of(MODEL, 2);
    train(stopped, adam, half, 0, 2);
    StateFile.write(file, half, stopped);
    train(stopped, adam, StateFile.read(file, MODEL, stopped), 2, 4);
    assertThat(stopped.values()).containsExactly(whole.values());
  }

  private static void train(Parameters parameters, OptimizerState optimizer, State state, int from, int to) {
    try (TrainingStep step = TrainingStep.of(MODEL, parameters, Loss.BINARY_CROSS_ENTROPY, 1)) {
      for (int i = from; i < to; i++) {
        optimizer.step(step.gradients(piece(3, i), i, state));
      }
    }
  }

  @Test
  void whatDoesNotBelongToTheModelIsRefused() throws IOException {
    Parameters parameters = MODEL.build(1);
    Path file = folder.resolve("c.state");
    StateFile.write(file, begun(parameters), parameters);
    refused(file, MODEL, MODEL.build(2),
        "the parameters must be those that the state was computed with, got others; read the model that it was saved"
            + " beside, or begin anew");
    Model other = Model.sequential(Input.sequence(2), new Gru(5));
    refused(file, other, other.build(1),
        "State: gru.state0 must be [2, 5], got [2, 4]; the state is of another model");
    Model more = Model.sequential(Input.sequence(2), new Gru(4).returnSequences(), new Gru(4));
    refused(file, more, more.build(1), "State: gru_1.state0 must be [2, 4], got none; the state is of another model");
  }

  @Test
  void whatIsNoStateIsRefused() throws IOException {
    Parameters parameters = MODEL.build(1);
    Path file = folder.resolve("d.state");
    refused(file, MODEL, parameters, "");
    Files.writeString(file, "no state at all");
    refused(file, MODEL, parameters, "must be a safetensors file");
    JsonObject none = new JsonObject();
    new ModelFile(
        new Manifest(new JsonObject().put("kind", "text-classifier"), none, none, none),
        begun(parameters).tensors()).write(file);
    refused(file, MODEL, parameters, "must be a state, got a model of the kind \"text-classifier\"");
    StateFile.write(file, begun(parameters), parameters);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    refused(file, MODEL, parameters, "content must match its SHA-256");
  }

  /** A folder of a run holds a model, in whose place a state must not come. */
  @Test
  void aFolderIsRefused() {
    Parameters parameters = MODEL.build(1);
    assertThatThrownBy(() -> StateFile.write(folder, begun(parameters), parameters))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + ": must be a file for the state, got a folder; name a file in it");
    assertThat(folder).isEmptyDirectory();
  }

  private static void refused(Path file, Model model, Parameters parameters, String message) {
    assertThatThrownBy(() -> StateFile.read(file, model, parameters))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file + ": " + message)
        .hasMessageNotContaining("\n");
  }
}
