package io.carousel.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every command once, on a few made-up texts, so that the archive of classes that the JVM writes at the end of
 * the process holds them all. The launcher runs this after a build; nothing depends on it but the time to start.
 */
final class Rehearsal {
  private Rehearsal() {}

  /** Rehearses in silence; the exit code is that of the first command that failed. */
  public static void main(String[] args) throws IOException {
    System.exit(rehearse(OutputStream.nullOutputStream()));
  }

  /** Runs the commands; what they say on standard error goes to {@code err}. */
  static int rehearse(OutputStream err) throws IOException {
    Path folder = Files.createTempDirectory("carousel-rehearsal");
    try {
      for (List<String> command : commands(folder)) {
        Terminal terminal = new Terminal(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err, false);
        int code = Main.run(command.toArray(String[]::new), terminal);
        if (code != 0) {
          return code;
        }
      }
      return 0;
    } finally {
      delete(folder);
    }
  }

  /** The commands, on a table that is written to the folder. */
  private static List<List<String>> commands(Path folder) throws IOException {
    List<String> lines = new ArrayList<>(List.of("label\ttext"));
    for (int i = 0; i < 40; i++) {
      lines.add(i % 2 == 0 ? "ham\tsee you at " + i + " then" : "spam\twin " + i + " prizes now");
    }
    String data = Files.write(folder.resolve("texts.tsv"), lines).toString();
    String run = folder.resolve("run").toString();
    return List.of(
        List.of("train", "text-classifier", "--data", data, "--text", "text", "--label", "label", "--test", data,
            "--out", run, "--epochs", "1", "--units", "8", "--embedding", "8", "--threads", "2"),
        List.of("evaluate", run, "--data", data, "--json"),
        List.of("predict", run, "--text", "see you"),
        List.of("summary", run));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
