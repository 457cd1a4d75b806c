package io.carousel.bench;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a child process is started.
 *
 * @param name who it is, in messages
 * @param programs the first of these that there is
 * @param arguments what follows the program
 * @param environment variables beside those of this process
 * @param remedy what to do where it cannot be started: {@code "get it with …"}
 */
record Launch(
    String name, List<String> programs, List<String> arguments, Map<String, String> environment, String remedy) {

  /**
   * A module of {@code src/main/python}, which Python reads from where this class is, be it a jar.
   *
   * @param python the Python to start, or null for the first of python3 and python on the path
   * @param packages what it needs, as pip calls it
   */
  static Launch python(
      String name, @Nullable String python, String module, String packages, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("-B", "-m", module));
    all.addAll(arguments);
    String before = System.getenv("PYTHONPATH");
    String path = Machine.code() + (before == null ? "" : File.pathSeparator + before);
    return new Launch(
        name, python == null ? List.of("python3", "python") : List.of(python), all, Map.of("PYTHONPATH", path),
        "get it with pip install " + packages + " for a Python 3 on the path, or for one named with --python");
  }

  /** A class that has a main method, in a JVM with the options of this one. */
  static Launch java(String name, String main, String classPath, List<String> arguments, String remedy) {
    List<String> all = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
    all.addAll(List.of("-cp", classPath, main));
    all.addAll(arguments);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new Launch(name, List.of(java.toString()), all, Map.of(), remedy);
  }

  /** Where this process has its classes from. */
  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** The same with other variables. */
  Launch with(Map<String, String> variables) {
    return new Launch(name, programs, arguments, variables, remedy);
  }
}
