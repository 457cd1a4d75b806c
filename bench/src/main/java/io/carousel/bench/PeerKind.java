package io.carousel.bench;

/** The peers that can be asked for, and the options that their scripts take. */
enum PeerKind {
  /** PyTorch as its users write it. */
  PYTORCH("pytorch", "default"),
  /** The same with Adam in one pass over all parameters. */
  PYTORCH_FUSED("pytorch-fused", "fused");

  private final String word;
  private final String adam;

  PeerKind(String word, String adam) {
    this.word = word;
    this.adam = adam;
  }

  /** The value of the script's option {@code --adam}. */
  String adam() {
    return adam;
  }

  @Override
  public String toString() {
    return word;
  }
}
