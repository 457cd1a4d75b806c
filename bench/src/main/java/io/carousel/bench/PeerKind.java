package io.carousel.bench;

import io.carousel.bench.Contender.ContenderException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The peers that can be asked for, and how they are started. */
enum PeerKind {
  /** PyTorch as its users write it. */
  PYTORCH("pytorch") {
    @Override
    Launch launch(@Nullable String python, int threads, double warmup) {
      return python(python, "pytorch_peer", "torch", threads, warmup);
    }

    @Override
    ColdCommands cold(ColdData data, @Nullable String python, int threads) {
      return ColdCommands.pytorch(data, python, threads);
    }
  },
  /** The same with Adam in one pass over all parameters. */
  PYTORCH_FUSED("pytorch-fused") {
    @Override
    Launch launch(@Nullable String python, int threads, double warmup) {
      return python(python, "pytorch_peer", "torch", threads, warmup, "--adam", "fused");
    }
  },
  /** ONNX Runtime; it only answers. */
  ONNXRUNTIME("onnxruntime") {
    @Override
    Launch launch(@Nullable String python, int threads, double warmup) {
      return python(python, "onnxruntime_peer", "onnxruntime onnx", threads, warmup);
    }
  },
  /** Deeplearning4j, which Maven fetches and compiles into a folder of its own. */
  DL4J("dl4j") {
    @Override
    Launch launch(@Nullable String python, int threads, double warmup) {
      String remedy = "get it with mvn -Pdl4j -pl bench -am -DskipTests package (150 MB, for Linux on x86-64)";
      Path jars = Machine.home().resolve("bench/target/dl4j");
      if (!Files.isDirectory(jars) || PeerKind.class.getResource("Dl4jPeer.class") == null) {
        throw new ContenderException(this + ": no column, since it is not built; " + remedy);
      }
      String classPath = Launch.classPath() + File.pathSeparator + jars.resolve("*");
      return Launch.java(
          toString(), "io.carousel.bench.Dl4jPeer", classPath, List.of(Integer.toString(threads), seconds(warmup)),
          remedy).with(Map.of("OMP_NUM_THREADS", Integer.toString(threads)));
    }
  };

  private final String word;

  PeerKind(String word) {
    this.word = word;
  }

  /**
   * How it is started as a child that speaks lines.
   *
   * @param python the Python to start, or null to look for one
   * @param warmup seconds of steps before a job is first measured
   * @throws ContenderException if it is known not to be there
   */
  abstract Launch launch(@Nullable String python, int threads, double warmup);

  /** Its commands for the suite of cold starts, or null if it has none. */
  @Nullable ColdCommands cold(ColdData data, @Nullable String python, int threads) {
    return null;
  }

  Launch python(
      @Nullable String python, String module, String packages, int threads, double warmup, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--threads", Integer.toString(threads), "--warmup", seconds(warmup)));
    arguments.addAll(List.of(more));
    return Launch.python(word, python, module, packages, arguments);
  }

  static String seconds(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  @Override
  public String toString() {
    return word;
  }
}
