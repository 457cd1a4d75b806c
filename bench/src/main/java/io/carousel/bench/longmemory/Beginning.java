package io.carousel.bench.longmemory;

import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;

/** How the gates of a cell begin, where it is to remember for long: one that is half open forgets within ten steps. */
interface Beginning {
  /** As the cell itself begins. */
  Beginning AS_IS = (parameters, steps, key) -> {};

  /**
   * Overwrites what shall begin otherwise.
   *
   * @param parameters those of a model whose cell is its layer {@code recurrent}
   * @param steps the steps over which the task remembers
   * @param key a random key
   */
  void apply(Parameters parameters, int steps, long key);

  /**
   * Chrono initialization: the gate that keeps the state has the bias ln u, u uniform from 1 to the steps to remember,
   * so that a unit keeps it for about u steps; a gate that lets something new in has the bias −ln u.
   *
   * <p>Source: Tallec, Ollivier: Can recurrent neural networks warp time?, 2018, equation 16.
   *
   * @param gates the parts of b, all of one size
   * @param keep the part of the gate that keeps, or −1 where the one that lets in decides that too
   * @param letIn the part of the gate that lets in, or −1
   */
  static Beginning chrono(int gates, int keep, int letIn) {
    return (parameters, steps, key) -> {
      Parameters.Slot b = parameters.slot("recurrent.b");
      int units = b.size() / gates;
      for (int k = 0; k < units; k++) {
        float bias = (float) StrictMath.log(1 + CounterRandom.uniformDouble(key, k) * (steps - 2));
        if (keep >= 0) {
          parameters.values()[b.offset() + keep * units + k] = bias;
        }
        if (letIn >= 0) {
          parameters.values()[b.offset() + letIn * units + k] = -bias;
        }
      }
    };
  }
}
