package io.carousel.task;

/** The version of this library, as model files and {@code carousel --version} say it. */
public final class Version {
  /** The number, {@code 0.1.0}. */
  public static final String NUMBER = "0.1.0";

  private Version() {}
}
