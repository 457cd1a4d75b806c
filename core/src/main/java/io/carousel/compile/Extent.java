package io.carousel.compile;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A number that depends on {@code B} and {@code T}: a sum of terms {@code factor·Bᵇ·times}, sizes made of T. */
record Extent(List<Term> terms) {
  static final Extent ZERO = new Extent(List.of());
  static final Extent ONE = of(1);

  record Term(long factor, int b, List<Integer> times) {
    boolean isAlike(Term other) {
      return b == other.b && times.equals(other.times);
    }
  }

  static Extent of(long number) {
    return number == 0 ? ZERO : new Extent(List.of(new Term(number, 0, List.of())));
  }

  /** The number of positions of an axis of this size, which may be a symbol. */
  static Extent ofSize(int size) {
    return ONE.times(size);
  }

  /** This times a size, which may be a symbol of {@link Shape}. */
  Extent times(int size) {
    List<Term> product = new ArrayList<>();
    for (Term term : terms) {
      product.add(
          size == Shape.B ? new Term(term.factor, term.b + 1, term.times)
              : Shape.isTime(size)
                  ? new Term(term.factor, term.b, Stream.concat(term.times.stream(), Stream.of(size)).sorted().toList())
                  : new Term(term.factor * size, term.b, term.times));
    }
    return size == 0 ? ZERO : new Extent(List.copyOf(product));
  }

  /** This times a number, which may be 0 or negative and is never a symbol. */
  Extent scaled(int number) {
    return number == 0 ? ZERO
        : new Extent(terms.stream().map(term -> new Term(term.factor * number, term.b, term.times)).toList());
  }

  Extent plus(Extent other) {
    List<Term> sum = new ArrayList<>(terms);
    for (Term term : other.terms) {
      int same = -1;
      for (int i = 0; i < sum.size(); i++) {
        same = sum.get(i).isAlike(term) ? i : same;
      }
      if (same < 0) {
        sum.add(term);
      } else {
        sum.set(same, new Term(sum.get(same).factor + term.factor, term.b, term.times));
      }
    }
    return new Extent(List.copyOf(sum));
  }

  /** The elements of a shape. */
  static Extent count(Shape shape) {
    Extent count = ONE;
    for (int size : shape.sizes()) {
      count = count.times(size);
    }
    return count;
  }

  boolean isStatic() {
    return terms.stream().allMatch(term -> term.b == 0 && term.times.isEmpty());
  }

  /** The number, if it depends on no symbol. */
  int number() {
    if (!isStatic()) {
      throw new IllegalStateException("compile: " + this + " is no fixed number");
    }
    return at(0, 0);
  }

  int at(int batch, int time) {
    long value = 0;
    for (Term term : terms) {
      long product = term.factor;
      for (int i = 0; i < term.b; i++) {
        product *= batch;
      }
      for (int size : term.times) {
        product *= Shape.number(size, batch, time);
      }
      value += product;
    }
    if (value > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "run: with B=" + batch + ", T=" + time + " a value has " + value
              + " elements, more than one array can hold; use smaller batches or shorter sequences");
    }
    return (int) value;
  }

  @Override
  public String toString() {
    if (terms.isEmpty()) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    for (Term term : terms) {
      text.append(text.isEmpty() ? "" : "+").append(term.factor).append("B".repeat(term.b));
      term.times.forEach(size -> text.append(Shape.text(size)));
    }
    return text.toString();
  }
}
