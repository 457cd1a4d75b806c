package io.carousel.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind the launcher {@code carousel}. */
@Command(name = "carousel", version = "0.1.0", mixinStandardHelpOptions = true,
    description = "Trains, evaluates and runs recurrent models.")
public final class Main implements Runnable {
  public Main() {}

  /** Runs one command and ends the process with its exit code: 0 done, 1 failed, 2 bad input. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    new CommandLine(this).usage(System.out);
  }
}
