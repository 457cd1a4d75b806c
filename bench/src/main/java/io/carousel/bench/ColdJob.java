package io.carousel.bench;

/** What a user waits for at the shell. */
enum ColdJob implements Job {
  /** From the start of a process to the end of its first training step: reading and counting all words too. */
  FIRST_STEP("from the start to the end of the first training step"),
  /** A training of one epoch, model written. */
  EPOCH("one epoch of a bidirectional LSTM 64, model written"),
  /** An answer to one text, by the model of {@link #EPOCH}. */
  PREDICT("the class of one text");

  private final String text;

  ColdJob(String text) {
    this.text = text;
  }

  @Override
  public String id() {
    return "cold " + this;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public double work() {
    return Double.NaN;
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
