package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What may be chosen about a long short-term memory: its functions, a limit to what goes into them, and its
 * biases.
 *
 * <p>The names are Keras's: {@code activation} is that of the candidate g and of the cell on its way out, which
 * may also differ, {@code recurrentActivation} that of the gates.
 *
 * @param gate the function of the gates i, f and o
 * @param candidate the function of the candidate g
 * @param output the function of the cell c' on its way out
 * @param clip the sum that goes into a gate or the candidate, peepholes and bias included, is limited to ±clip
 *     before its function, as ONNX has it; the cell itself never is. Infinite for no limit
 * @param forgetBias what the bias of the forget gate begins with
 * @param bias false for a cell without biases
 */
public record LstmOptions(
    Activation gate, Activation candidate, Activation output, double clip, double forgetBias, boolean bias) {
  /** The usual ones: gates σ, else tanh; no clip; a forget gate that begins with a bias of 1. */
  public static final LstmOptions STANDARD =
      new LstmOptions(
          Activation.SIGMOID, Activation.TANH, Activation.TANH, Double.POSITIVE_INFINITY, 1, true);

  public LstmOptions {
    Gates.requireClip("LSTM", clip);
    if (!Double.isFinite(forgetBias)) {
      throw new IllegalArgumentException("LSTM: forget bias must be a number, got " + forgetBias);
    }
  }

  /** The same with another function of the candidate and of the cell on its way out. */
  public LstmOptions activation(Activation both) {
    return new LstmOptions(gate, both, both, clip, forgetBias, bias);
  }

  /** The same with another function of the gates. */
  public LstmOptions recurrentActivation(Activation ofGates) {
    return new LstmOptions(ofGates, candidate, output, clip, forgetBias, bias);
  }

  /** The same with what goes into gates and candidate limited to ±limit. */
  public LstmOptions clip(double limit) {
    return new LstmOptions(gate, candidate, output, limit, forgetBias, bias);
  }

  /** The same with another first value of the forget gate's bias. */
  public LstmOptions forgetBias(double value) {
    return new LstmOptions(gate, candidate, output, clip, value, bias);
  }

  /** The same without biases. */
  public LstmOptions withoutBias() {
    return new LstmOptions(gate, candidate, output, clip, forgetBias, false);
  }

  /** A gate, of the sum that goes into it. */
  Expr gateOf(Expr sum) {
    return gate.of(sum, clip);
  }

  /** The candidate, of the sum that goes into it. */
  Expr candidateOf(Expr sum) {
    return candidate.of(sum, clip);
  }

  /** How the biases of so many gates begin, or null if there are none. */
  @Nullable Initializer biases(int forgetGate, int gates) {
    return bias ? Initializers.gate(forgetBias, forgetGate, gates) : null;
  }

  /** What differs from the usual, {@code ", clip=3.0"}; empty if nothing does. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", ", ", "").setEmptyValue("");
    if (gate != STANDARD.gate) {
      text.add("recurrentActivation=" + gate.word());
    }
    if (candidate != STANDARD.candidate) {
      text.add((candidate == output ? "activation=" : "candidate=") + candidate.word());
    }
    if (output != STANDARD.output && output != candidate) {
      text.add("output=" + output.word());
    }
    if (clip != STANDARD.clip) {
      text.add("clip=" + clip);
    }
    if (forgetBias != STANDARD.forgetBias) {
      text.add("forgetBias=" + forgetBias);
    }
    if (!bias) {
      text.add("bias=false");
    }
    return text.toString();
  }
}
