package io.carousel.kernel;

import java.util.Locale;

/**
 * Which kernels the compiler emits: vectors of a width, or scalar code.
 *
 * <p>The widest vectors of the machine are chosen, or scalar code where the vector module is
 * missing. The property {@code carousel.kernels} forces a choice, {@code vector}, {@code vector128},
 * {@code vector256}, {@code vector512} or {@code scalar}, and fails rather than falls back. Results
 * do not depend on the choice.
 *
 * @param bits the width of a vector in bits, or 0 for scalar code
 */
public record Kernels(int bits) {
  /** The system property that forces a choice. */
  public static final String PROPERTY = "carousel.kernels";

  private static final class Default {
    static final Kernels CHOSEN = choose(System.getProperty(PROPERTY, "auto"));
  }

  /** The choice of this process. */
  public static Kernels chosen() {
    return Default.CHOSEN;
  }

  /** Vectors of 128, 256 or 512 bits. */
  public static Kernels vector(int bits) {
    return new Kernels(bits);
  }

  public static Kernels scalar() {
    return new Kernels(0);
  }

  /** The number of floats in a vector, 1 for scalar code. */
  public int lanes() {
    return bits == 0 ? 1 : bits / 32;
  }

  public boolean isVector() {
    return bits > 0;
  }

  /** One line for people: what runs, and what to do if it is slow. */
  public String describe() {
    return isVector()
        ? "vector " + bits + " bit"
        : hasVectors() ? "scalar (forced)" : "scalar: add --add-modules jdk.incubator.vector to be many times faster";
  }

  static Kernels choose(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "auto" -> hasVectors() ? new Kernels(Widths.widest()) : scalar();
      case "scalar" -> scalar();
      case "vector" -> new Kernels(required(word, 0));
      case "vector128" -> new Kernels(required(word, 128));
      case "vector256" -> new Kernels(required(word, 256));
      case "vector512" -> new Kernels(required(word, 512));
      default ->
          throw new IllegalArgumentException(
              PROPERTY + ": must be auto, vector, vector128, vector256, vector512 or scalar, got " + word);
    };
  }

  private static int required(String word, int bits) {
    if (!hasVectors()) {
      throw new IllegalStateException(
          PROPERTY + "=" + word + ": the module jdk.incubator.vector is not there; start java with"
              + " --add-modules jdk.incubator.vector");
    }
    return bits == 0 ? Widths.widest() : bits;
  }

  /** Asks for the class, not for the boot layer's module: the command line loads the module after the boot. */
  private static boolean hasVectors() {
    try {
      Class.forName("jdk.incubator.vector.FloatVector", false, Kernels.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Apart, so that the vector module's classes are touched only where it is present. */
  private static final class Widths {
    static int widest() {
      return Math.clamp(jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
    }
  }
}
