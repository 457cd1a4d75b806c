package io.carousel.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * The main class of the command line's jar: makes the vector module present, then starts {@link Main}.
 *
 * <p>With {@code --add-modules jdk.incubator.vector} the JVM prints a warning on standard error that no
 * option silences, above the one line that a script or a user waits for. The JDK loads its own late modules
 * (a Java agent's, for one) with {@code Modules.loadModule}, which does not warn; the jar's manifest exports
 * it to us. The JIT compiles vector code all the same: 63 GFLOP/s either way in a dot product of 4096 floats.
 * Should a JDK refuse, {@code CAROUSEL_JAVA_OPTIONS=--add-modules=jdk.incubator.vector} is the way, warning
 * and all.
 */
public final class Start {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private Start() {}

  /** Starts the command line. */
  public static void main(String[] args) {
    loadVectorModule();
    Main.main(args);
  }

  /** Without the module the kernels are scalar, and say so; that is no reason to stop here. */
  static void loadVectorModule() {
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()) {
      return;
    }
    try {
      Class.forName("jdk.internal.module.Modules").getMethod("loadModule", String.class).invoke(null, VECTOR_MODULE);
    } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      System.Logger logger = System.getLogger("io.carousel");
      logger.log(System.Logger.Level.DEBUG, "cannot load " + VECTOR_MODULE, e);
    }
  }
}
