package io.carousel.parameter;

import io.carousel.tensor.Shape;
import io.carousel.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a model: one flat array and a table that says which part of it is which parameter.
 *
 * <p>Those that training changes come first, so that an optimizer runs over one range. The array is
 * owned by this object and changes in place.
 */
public final class Parameters {
  /**
   * One parameter: {@code offset} is where it begins in the flat array, row-major.
   *
   * @param trainable false if training leaves it as it is
   * @param constraint what it is brought back to after each step, or null
   */
  public record Slot(
      String name, Shape shape, int offset, boolean trainable, @Nullable Constraint constraint) {
    /** A parameter without a constraint. */
    public Slot(String name, Shape shape, int offset, boolean trainable) {
      this(name, shape, offset, trainable, null);
    }

    /** The number of values. */
    public int size() {
      return shape.count();
    }
  }

  private final List<Slot> slots;
  private final float[] values;
  private final int trainable;

  private Parameters(List<Slot> slots, float[] values) {
    this.slots = slots;
    this.values = values;
    int count = 0;
    for (Slot slot : slots) {
      count += slot.trainable() ? slot.size() : 0;
    }
    this.trainable = count;
  }

  /** The table for declared parameters, trainable ones first, else in order of declaration. */
  public static List<Slot> table(List<Scope.Declaration> declared) {
    List<Slot> slots = new ArrayList<>();
    long offset = 0;
    for (boolean trainable : new boolean[] {true, false}) {
      for (Scope.Declaration each : declared) {
        if (each.trainable() == trainable) {
          slots.add(new Slot(each.name(), each.shape(), (int) offset, trainable, each.rule().constraint()));
          offset += each.shape().count();
          if (offset > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                "Parameters: the model has more than 2^31 parameters at " + each.name()
                    + "; use a smaller one");
          }
        }
      }
    }
    return List.copyOf(slots);
  }

  /** Parameters that are all zero. */
  public static Parameters zeros(List<Slot> slots) {
    int count = slots.isEmpty() ? 0 : slots.getLast().offset() + slots.getLast().size();
    return new Parameters(slots, new float[count]);
  }

  /** The table, in the order of the array. */
  public List<Slot> slots() {
    return slots;
  }

  /** The slot of a name. */
  public Slot slot(String name) {
    for (Slot slot : slots) {
      if (slot.name().equals(name)) {
        return slot;
      }
    }
    throw new IllegalArgumentException(
        "Parameters: there is no " + name + "; there are " + slots.stream().map(Slot::name).toList());
  }

  /** The array itself, not a copy. */
  public float[] values() {
    return values;
  }

  /** The number of values. */
  public int count() {
    return values.length;
  }

  /** The number of values that training changes: the first ones of the array. */
  public int trainableCount() {
    return trainable;
  }

  /** A copy of one parameter's values. */
  public Tensor get(String name) {
    Slot slot = slot(name);
    float[] copy = Arrays.copyOfRange(values, slot.offset(), slot.offset() + slot.size());
    return Tensor.of(copy, slot.shape().sizes());
  }

  /** Overwrites one parameter. */
  public void set(String name, float[] with) {
    Slot slot = slot(name);
    if (with.length != slot.size()) {
      throw new IllegalArgumentException(
          "Parameters: " + name + " " + slot.shape() + " has " + slot.size() + " values, got " + with.length);
    }
    System.arraycopy(with, 0, values, slot.offset(), with.length);
  }

  /** A copy that shares nothing that changes. */
  public Parameters copy() {
    return new Parameters(slots, values.clone());
  }

  /** Takes over all values of a copy. */
  public void set(Parameters from) {
    if (!from.slots.equals(slots)) {
      throw new IllegalArgumentException(
          "Parameters: these belong to another model, with " + from.slots.stream().map(Slot::name).toList());
    }
    System.arraycopy(from.values, 0, values, 0, values.length);
  }

  /**
   * Takes over the values of all parameters that another model has under the same names: after layers were
   * frozen, for example, which changes the order of the array.
   *
   * @throws IllegalArgumentException if one is missing or of another shape
   */
  public void setByName(Parameters from) {
    for (Slot slot : slots) {
      Slot other = from.slot(slot.name());
      if (!other.shape().equals(slot.shape())) {
        throw new IllegalArgumentException(
            "Parameters: " + slot.name() + " must be " + slot.shape() + ", got " + other.shape());
      }
      System.arraycopy(from.values, other.offset(), values, slot.offset(), slot.size());
    }
  }

  /** Brings trainable parameters back to what their constraints say; what training does after each step. */
  public void constrain() {
    for (Slot slot : slots) {
      if (slot.constraint() != null && slot.trainable()) {
        slot.constraint().apply(values, slot.offset(), slot.shape());
      }
    }
  }

  /** The name of the first parameter with a value that is not finite, or "" if there is none. */
  public String firstNotFinite() {
    for (Slot slot : slots) {
      for (int i = slot.offset(); i < slot.offset() + slot.size(); i++) {
        if (!Float.isFinite(values[i])) {
          return slot.name();
        }
      }
    }
    return "";
  }
}
