package io.carousel.layer;

import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The numbers of each row, or of each step of a sequence, under another shape: [B,…] to [B,sizes], [B,T,…] to
 * [B,T,sizes]. Without sizes all axes become one, which is called flattening.
 *
 * @param sizes the axes after the rows and the steps; empty for one axis of all numbers
 */
public record Reshape(List<Integer> sizes) implements Layer {
  public Reshape {
    sizes = List.copyOf(sizes);
    if (sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("Reshape: sizes must be at least 1, got " + sizes);
    }
  }

  /** To these axes after the rows and the steps. */
  public static Reshape to(int... sizes) {
    return new Reshape(Arrays.stream(sizes).boxed().toList());
  }

  /** To one axis: [B,h,w,c] to [B,hwc]. */
  public static Reshape flatten() {
    return new Reshape(List.of());
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    int outer = in.isSequence() ? 2 : 1;
    int[] before = in.value().shape().sizes();
    int count = Arrays.stream(before).skip(outer).reduce(1, Math::multiplyExact);
    int[] inner = sizes.isEmpty() ? new int[] {count} : sizes.stream().mapToInt(Integer::intValue).toArray();
    if (Arrays.stream(inner).asLongStream().reduce(1, Math::multiplyExact) != count) {
      throw new IllegalArgumentException(
          this + ": input must have as many numbers a step as " + sizes + ", got " + in.shapeText());
    }
    int[] after = Arrays.copyOf(before, outer + inner.length);
    System.arraycopy(inner, 0, after, outer, inner.length);
    Shape steps = Shape.of(after);
    return new Signal(
        in.value().reshape(steps), in.last() == null ? null : in.last().reshape(steps.drop(0)), in.lengths(),
        in.zeroPadded(), in.read());
  }

  @Override
  public String kind() {
    return sizes.isEmpty() ? "flatten" : "reshape";
  }

  @Override
  public String toString() {
    return sizes.isEmpty() ? "Flatten()"
        : sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "Reshape(", ")"));
  }
}
