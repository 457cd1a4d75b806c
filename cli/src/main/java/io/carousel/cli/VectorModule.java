package io.carousel.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * Makes the vector module present in a process that was started without it.
 *
 * <p>With {@code --add-modules jdk.incubator.vector} the JVM prints a warning on standard error that no
 * option silences, above the one line that a script or a user waits for. The JDK loads its own late modules
 * (a Java agent's, for one) with {@code Modules.loadModule}, which does not warn; the jar's manifest exports
 * it to us. The JIT compiles vector code all the same: 63 GFLOP/s either way in a dot product of 4096 floats.
 * Should a JDK refuse, {@code CAROUSEL_JAVA_OPTIONS=--add-modules=jdk.incubator.vector} is the way, warning
 * and all.
 */
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Loads it. Without it the kernels are scalar, and say so; that is no reason to stop here. */
  static void load() {
    if (ModuleLayer.boot().findModule(NAME).isPresent()) {
      return;
    }
    try {
      Class.forName("jdk.internal.module.Modules").getMethod("loadModule", String.class).invoke(null, NAME);
    } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      System.Logger logger = System.getLogger("io.carousel");
      logger.log(System.Logger.Level.DEBUG, "cannot load " + NAME, e);
    }
  }
}
