package io.carousel.compile;

/** A piece of memory of a program. Where it lies is settled when a runner knows B and T. */
final class Buffer {
  enum Kind {
    /** In the workspace, alive between its first and its last stage. */
    WORK,
    /** Whole numbers that the program computes, in arrays of their own. */
    INT_WORK,
    /** Computed from parameters alone, and again only when they have changed. */
    PREPARED,
    /** Given by the caller at each run. */
    INPUT,
    INT_INPUT,
    PARAMETER,
    /** Where the caller wants a result. */
    OUTPUT
  }

  private final Kind kind;
  private final String name;
  private final Extent size;
  private final int number;
  private int first = Integer.MAX_VALUE;
  private int last = -1;
  private int end = -1;
  /** The buffer whose memory it takes over, or itself. */
  private Buffer ground = this;

  Buffer(Kind kind, String name, Extent size, int number) {
    this.kind = kind;
    this.name = name;
    this.size = size;
    this.number = number;
  }

  Kind kind() {
    return kind;
  }

  /** The name that the caller knows it by, or the output's number. */
  String name() {
    return name;
  }

  Extent size() {
    return size;
  }

  int number() {
    return number;
  }

  void touch(int stage) {
    first = Math.min(first, stage);
    last = Math.max(last, stage);
    end = Math.max(end, stage);
  }

  int first() {
    return first;
  }

  int last() {
    return last;
  }

  /** Lies where another buffer of the same size lies, whose last stage is the first of this one. */
  void takeOver(Buffer other) {
    ground = other.ground;
    ground.end = Math.max(ground.end, last);
  }

  /** The last stage of this buffer and of those that have taken it over. */
  int end() {
    return end;
  }

  /** The buffer that decides where this one lies: itself, unless it has taken over another one. */
  Buffer ground() {
    return ground;
  }

  @Override
  public String toString() {
    return switch (kind) {
      case WORK, INT_WORK -> "w" + number;
      case PREPARED -> "p" + number;
      case OUTPUT -> "out" + name;
      case INPUT, INT_INPUT, PARAMETER -> name;
    };
  }
}
