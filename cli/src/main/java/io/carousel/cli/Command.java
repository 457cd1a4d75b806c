package io.carousel.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command: the options it takes, and what it does. */
interface Command {
  /** Its options and its help. */
  CommandSpec spec();

  /**
   * True if vector code pays. It needs its module loaded and its kernels warmed up, which takes longer than
   * the scalar code takes for a single text: 0.1 s instead of 0.7 s, and the same bits.
   */
  default boolean needsVectors(ParseResult given) {
    return true;
  }

  /**
   * Does it.
   *
   * @return the exit code, 0 when all is well
   * @throws IOException if a file cannot be written, with a message of one line
   * @throws IllegalArgumentException if the input is bad, with a message of one line
   */
  int run(ParseResult given, Terminal terminal) throws IOException;
}
