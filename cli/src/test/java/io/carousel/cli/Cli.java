package io.carousel.cli;

import io.carousel.store.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Runs commands within the process of the test, and has real messages and a model at hand. */
final class Cli {
  /** Real messages: a label and a text in each line. */
  static final Path MESSAGES = Path.of("../examples/data/sms-spam/SMSSpamCollection.tsv");

  static {
    // Kernels are chosen once a process: without this, by a command that prefers scalar ones.
    System.setProperty("carousel.kernels", "auto");
  }

  /** How a command ended, and what it printed. */
  record Outcome(int code, String out, String err) {
    JsonObject json() {
      return JsonObject.parse(out, "standard output");
    }
  }

  private static final class Model {
    static final Path RUN = train();
  }

  private Cli() {}

  static Outcome run(String... args) {
    return runWith(new byte[0], args);
  }

  static Outcome runWith(byte[] input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(args, new Terminal(new ByteArrayInputStream(input), out, err, false));
    return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** What is told when something is thrown. */
  static Outcome failing(Throwable thrown) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Failures.report(
        thrown, false, new Terminal(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(),
            err, false));
    return new Outcome(code, "", err.toString(StandardCharsets.UTF_8));
  }

  /** The folder of a small run on 400 messages; not to be changed. */
  static Path model() {
    return Model.RUN;
  }

  /** Options for a model that trains in a second. */
  static String[] small(String... more) {
    return concat(
        more, "--units", "8", "--embedding", "8", "--epochs", "3", "--batch", "16", "--max-length", "30",
        "--learning-rate", "0.02", "--word-dropout", "0", "--threads", "2");
  }

  static String[] concat(String[] first, String... second) {
    String[] all = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Some lines of the messages, as they are. */
  static List<String> messages(int from, int to) {
    try {
      return Files.readAllLines(MESSAGES).subList(from, to);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static Path gzip(Path file) throws IOException {
    Path packed = file.resolveSibling(file.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
    return packed;
  }

  private static Path train() {
    try {
      Path folder = Files.createDirectories(Path.of("target", "test-runs"));
      Path data = Files.write(folder.resolve("messages.tsv"), messages(0, 400));
      Path out = folder.resolve("small");
      Outcome outcome = run(small("train", "text-classifier", "--data", data.toString(), "--no-header",
          "--text", "2",
          "--label", "1", "--out", out.toString(), "--force"));
      if (outcome.code != 0) {
        throw new IllegalStateException(outcome.err);
      }
      return out;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
