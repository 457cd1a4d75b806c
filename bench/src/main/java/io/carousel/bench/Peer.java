package io.carousel.bench;

import io.carousel.store.JsonObject;
import io.carousel.store.ModelFormatException;
import java.util.List;

/**
 * A contender in a child process, which times itself in the same manner. Both speak lines:
 *
 * <pre>
 *   (at its start)     {"peer": "pytorch", "version": "2.13, …", "jobs": ["train S0", …]}
 *   run train S1 15    {"ms": [15 numbers], "peak_rss_mb": 310.2}
 *   quit               (it ends; so does the end of its input)
 *   anything else      {"error": "one line"}
 * </pre>
 *
 * The other end is {@link LineServer} in Java and {@code peer_protocol.py} in Python.
 */
final class Peer implements Contender {
  private final Launch launch;
  private final Child child;
  private final String version;
  private final List<String> jobs;

  /**
   * Starts a peer.
   *
   * @throws ContenderException if its program is not there, or what it needs is not installed
   */
  Peer(Launch launch) {
    this.launch = launch;
    this.child = Child.start(launch);
    JsonObject greeting = answer();
    this.version = greeting.string("version");
    this.jobs = greeting.strings("jobs");
  }

  @Override
  public String name() {
    return launch.name();
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public boolean can(Job job) {
    return jobs.contains(job.id());
  }

  @Override
  public double[] turn(Job job, int repetitions) {
    return run(job, repetitions).numbers("ms");
  }

  /** Does a job and says the most memory that the process has resided in so far, in MB of 2²⁰ bytes. */
  double peak(Job job, int repetitions) {
    double peak = run(job, repetitions).number("peak_rss_mb");
    if (peak == 0) {
      throw child.failed("this system does not say how much memory it takes; Linux does");
    }
    return peak;
  }

  private JsonObject run(Job job, int repetitions) {
    child.say("run " + job.id() + " " + repetitions);
    return answer();
  }

  private JsonObject answer() {
    String line = child.line();
    if (line == null) {
      throw child.ended();
    }
    JsonObject answer;
    try {
      answer = JsonObject.parse(line, name());
    } catch (ModelFormatException e) {
      throw child.failed("it said \"" + line + "\" instead of JSON");
    }
    if (answer.has("error")) {
      throw child.failed(answer.string("error") + "; " + launch.remedy());
    }
    return answer;
  }

  @Override
  public void close() {
    child.close();
  }
}
