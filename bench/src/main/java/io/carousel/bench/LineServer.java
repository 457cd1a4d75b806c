package io.carousel.bench;

import io.carousel.store.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The child's end of the lines that {@link Peer} speaks, for contenders in Java. */
public final class LineServer {
  private LineServer() {}

  /** This library as a child process: its arguments are the number of threads and the seconds of warm-up. */
  public static void main(String[] args) throws IOException {
    try (InProcess ours = InProcess.ours(Integer.parseInt(args[0]), Double.parseDouble(args[1]))) {
      serve(ours, Suite.repeatable());
    }
  }

  /** Answers on standard output until the end of standard input. */
  static void serve(Contender contender, List<? extends Job> jobs) throws IOException {
    serve(contender, jobs, new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), System.out);
  }

  static void serve(Contender contender, List<? extends Job> jobs, BufferedReader in, PrintStream out)
      throws IOException {
    out.println(
        new JsonObject().put("peer", contender.name()).put("version", contender.version())
            .put("jobs", jobs.stream().map(Job::id).toList()));
    for (String line = in.readLine(); line != null && !line.strip().equals("quit"); line = in.readLine()) {
      out.println(answer(contender, jobs, line.strip()));
    }
  }

  private static JsonObject answer(Contender contender, List<? extends Job> jobs, String line) {
    for (Job job : jobs) {
      String start = "run " + job.id() + " ";
      if (line.startsWith(start) && line.substring(start.length()).matches("[1-9][0-9]{0,5}")) {
        double[] ms = contender.turn(job, Integer.parseInt(line.substring(start.length())));
        return new JsonObject().put("ms", ms).put("peak_rss_mb", peak());
      }
    }
    return new JsonObject().put("error", "expected 'run SUITE SHAPE N' or 'quit', got '" + line + "'");
  }

  /** The most memory that this process has resided in, in MB of 2²⁰ bytes; 0 where the system does not say. */
  private static double peak() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        }
      }
    } catch (IOException e) {
      // not Linux
    }
    return 0;
  }
}
