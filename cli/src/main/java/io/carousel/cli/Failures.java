package io.carousel.cli;

import io.carousel.notation.CellTextException;
import io.carousel.train.DivergedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/** Turns what was thrown into one line on standard error and an exit code. */
final class Failures {
  static final int FAILED = 1;
  static final int BAD_INPUT = 2;

  private Failures() {}

  /** Tells what went wrong; {@code trace} adds the stack trace. */
  static int report(Throwable thrown, boolean trace, Terminal terminal) {
    Throwable cause = thrown.getCause();
    Throwable e = thrown instanceof UncheckedIOException && cause != null ? cause : thrown;
    boolean input = e instanceof IllegalArgumentException || e instanceof IOException
        || e instanceof DivergedException
        || e instanceof CommandLine.ParameterException;
    String line =
        e instanceof CommandLine.ParameterException wrong ? usage(wrong)
            : input || e instanceof StopRequest.Stopped ? message(e)
            : e instanceof OutOfMemoryError
                ? "not enough memory; lower --batch, --max-length or --vocabulary, or give more, for example"
                    + " CAROUSEL_JAVA_OPTIONS=-Xmx8g"
            : "failed, which it should not have: " + message(e) + (trace ? "" : "; " + whereTraceIs(e));
    terminal.tell("carousel: " + line);
    if (trace) {
      terminal.tell(stackTrace(e));
    }
    return input ? BAD_INPUT : FAILED;
  }

  private static String usage(CommandLine.ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String message = oneLine(String.valueOf(wrong.getMessage()));
    if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
      // The first alone: what follows an unknown option is as unknown as its value.
      String first = unmatched.getUnmatched().getFirst();
      message = (first.startsWith("-") ? "there is no option " : "there is nothing called ") + first;
    }
    return message + "; see " + command.getCommandSpec().qualifiedName() + " --help";
  }

  private static String message(Throwable e) {
    String message = e.getMessage();
    if (e instanceof CellTextException && message != null) {
      return message; // below its line stand the text's own line and a caret
    }
    return oneLine(message == null || message.isBlank() ? e.getClass().getSimpleName() : message);
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static String whereTraceIs(Throwable e) {
    try {
      Path file = Files.createTempFile("carousel-error-", ".txt");
      Files.writeString(file, stackTrace(e));
      return "please report it with " + file;
    } catch (IOException unwritable) {
      return "please report it with what " + Specs.STACKTRACE + " shows";
    }
  }

  private static String stackTrace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
