package io.carousel.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The suites: what is measured, of which jobs, beside whom. */
enum Suite {
  /** Whole training steps. */
  TRAIN("training steps: forward, loss, backward, Adam", "ms", 4) {
    @Override
    List<? extends Job> jobs() {
      return List.of(TrainingShape.values());
    }
  },
  /** Answers. */
  INFER("the last output of an LSTM layer, forward only", "ms", 4) {
    @Override
    List<? extends Job> jobs() {
      return InferenceShape.ALL;
    }
  },
  /** Cells other than the LSTM. */
  CELLS("forward and backward pass of a layer, without an optimizer", "ms", 4) {
    @Override
    List<? extends Job> jobs() {
      return CellShape.ALL;
    }
  },
  /** Whole processes from the shell. */
  COLD(
      "whole processes, from the shell to their end: training a text classifier, and one answer", "ms", 3) {
    @Override
    List<? extends Job> jobs() {
      return List.of(ColdJob.values());
    }
  },
  /** Memory. */
  MEMORY(
      "the most memory that a process resides in that takes training steps and does nothing else", "mb", 2) {
    @Override
    List<? extends Job> jobs() {
      return List.of(TrainingShape.values());
    }
  };

  /** The name of this library among the contenders. */
  static final String OURS = "carousel";

  /** Our LSTM's name among contenders: other cells are measured beside it. */
  static final String LSTM = "lstm";

  /** True for the name of a contender that is no peer. */
  static boolean isOurs(String name) {
    return name.equals(OURS) || name.equals(LSTM);
  }

  private final String text;
  private final String unit;
  private final int turns;

  Suite(String text, String unit, int turns) {
    this.text = text;
    this.unit = unit;
    this.turns = turns;
  }

  /** All of its jobs, in the order in which they are measured. */
  abstract List<? extends Job> jobs();

  /** The jobs of all suites that a process can do as often as it likes, once each. */
  static List<Job> repeatable() {
    return Arrays.stream(values()).flatMap(suite -> suite.jobs().stream()).filter(Job.InSteps.class::isInstance)
        .<Job>map(job -> job).distinct().toList();
  }

  /** What is measured, in words. */
  String text() {
    return text;
  }

  /** The unit of all figures, as the result file says it: {@code ms} or {@code mb}. */
  String unit() {
    return unit;
  }

  /** Turns of each side at a job. */
  int turns() {
    return turns;
  }

  /** The peers, where none are named. */
  List<PeerKind> peers() {
    return this == INFER ? List.of(PeerKind.ONNXRUNTIME, PeerKind.PYTORCH) : List.of(PeerKind.PYTORCH);
  }

  /** True if steps are timed in processes that go on, so that they can be warmed up and repeated. */
  boolean inSteps() {
    return this != COLD && this != MEMORY;
  }

  /** Its name in commands and files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
