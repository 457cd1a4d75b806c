package io.carousel.bench;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Deeplearning4j as a peer: a child process that speaks the lines of {@link LineServer}. It knows the shapes that
 * it has layers for.
 */
public final class Dl4jPeer {
  private Dl4jPeer() {}

  /** Its arguments are the number of threads, which are set by the environment, and the seconds of warm-up. */
  public static void main(String[] args) throws IOException {
    List<Job> jobs = Suite.repeatable().stream().filter(job -> Dl4jModels.of(job) != null).toList();
    String version = version() + ", " + args[0] + " threads";
    try (InProcess peer = new InProcess("dl4j", version, Dl4jPeer::start, Double.parseDouble(args[1]))) {
      LineServer.serve(peer, jobs);
    }
  }

  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        Dl4jPeer.class.getResourceAsStream("/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties")) {
      if (in != null) {
        properties.load(in);
      }
    }
    return properties.getProperty("version", "of an unknown version");
  }

  private static @Nullable Steps start(Job job) {
    Supplier<Runnable> model = Dl4jModels.of(job);
    return model == null ? null : new Dl4jSteps(model.get());
  }

  private record Dl4jSteps(Runnable once) implements Steps {
    @Override
    public void step() {
      once.run();
    }

    @Override
    public void close() {}
  }
}
