package io.carousel.notation;

import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A size that may not be known yet; two that must be equal are joined. */
final class Extent {
  private @Nullable Extent joined;
  private @Nullable Size size;

  static Extent of(Size size) {
    Extent extent = new Extent();
    extent.size = size;
    return extent;
  }

  /** The one that stands for all that are joined. */
  Extent root() {
    Extent root = this;
    while (root.joined != null) {
      root = root.joined;
    }
    return root;
  }

  @Nullable Size size() {
    return root().size;
  }

  boolean isOne() {
    Size size = size();
    return size != null && size.isOne();
  }

  /** Says what the size is. */
  void is(Size known) {
    root().size = known;
  }

  /** Makes two equal; false if they are known to differ. */
  static boolean join(Extent a, Extent b) {
    Extent left = a.root();
    Extent right = b.root();
    if (left.equals(right)) {
      return true;
    }
    if (left.size != null && right.size != null) {
      return left.size.equals(right.size);
    }
    if (left.size == null) {
      left.joined = right;
    } else {
      right.joined = left;
    }
    return true;
  }

  @Override
  public String toString() {
    Size size = size();
    return size == null ? "?" : size.toString();
  }

  /**
   * The shape of one row's value: none for a number, one extent for a vector, two for a matrix or for the vectors of
   * heads, three for a matrix of each head.
   */
  record Type(List<Extent> extents) {
    static final Type NUMBER = new Type(List.of());

    Type {
      extents = List.copyOf(extents);
    }

    static Type of(Extent... extents) {
      return new Type(List.of(extents));
    }

    int rank() {
      return extents.size();
    }

    Extent last() {
      return extents.getLast();
    }

    /** The same with another last extent. */
    Type withLast(Extent last) {
      List<Extent> changed = new java.util.ArrayList<>(extents);
      changed.set(rank() - 1, last);
      return new Type(changed);
    }

    /** True for what goes with any shape that begins alike: a number, or one for each row, or for each head. */
    boolean isNumber() {
      return extents.isEmpty() || last().isOne();
    }

    @Override
    public String toString() {
      StringJoiner text = new StringJoiner(",", "[", "]");
      extents.forEach(extent -> text.add(extent.toString()));
      return extents.isEmpty() ? "a number" : text.toString();
    }
  }
}
