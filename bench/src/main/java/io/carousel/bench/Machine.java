package io.carousel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Where and with what is measured: the head of a result. */
final class Machine {
  private Machine() {}

  /** The processor's name, as the system says it. */
  static String processor() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // not Linux
    }
    String said = said(Path.of(""), "sysctl", "-n", "machdep.cpu.brand_string");
    return said.isEmpty() ? System.getProperty("os.arch") : said;
  }

  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Processes that ran or waited to, on average over the last minute; negative where the system does not say. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  static String system() {
    return System.getProperty("os.name") + " " + System.getProperty("os.version");
  }

  /** The JDK, {@code 25.0.3+9-LTS (Eclipse Adoptium)}. */
  static String jdk() {
    return Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
  }

  /** The options of this JVM that may matter to speed. */
  static List<String> flags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-XX:SharedArchiveFile") && !flag.startsWith("-Xlog"))
        .toList();
  }

  /** Where this class was read from: the jar, or the folder of classes. */
  static Path code() {
    try {
      return Path.of(Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The folder of the project, three levels above {@code bench/target/carousel-bench.jar}. */
  static Path home() {
    return code().resolve("../../..").normalize();
  }

  /** The commit of the sources that this was built from, marked if they were changed since; or "unknown". */
  static String commit() {
    String said = said(home(), "git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*");
    return said.isEmpty() ? "unknown" : said;
  }

  /** What a program says in its only line, or "" if it fails. */
  private static String said(Path folder, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toAbsolutePath().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
