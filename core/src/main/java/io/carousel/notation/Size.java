package io.carousel.notation;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A size as a polynomial of named sizes with whole coefficients: {@code 4H}, {@code F+H}, {@code 64}.
 *
 * @param terms the coefficient of each product of names, which stand sorted with a space between them; the
 *     empty product is the number; none is zero
 */
record Size(SortedMap<String, Integer> terms) {
  Size {
    terms = Collections.unmodifiableSortedMap(new TreeMap<>(terms));
  }

  static Size of(int number) {
    return new Size(number == 0 ? new TreeMap<>() : new TreeMap<>(Map.of("", number)));
  }

  static Size of(String name) {
    return new Size(new TreeMap<>(Map.of(name, 1)));
  }

  Size plus(Size other) {
    SortedMap<String, Integer> sum = new TreeMap<>(terms);
    other.terms.forEach((names, factor) -> sum.merge(names, factor, Size::addedUp));
    return new Size(sum);
  }

  private static @Nullable Integer addedUp(Integer a, Integer b) {
    int sum = Math.addExact(a, b);
    return sum == 0 ? null : sum;
  }

  Size minus(Size other) {
    return plus(other.times(of(-1)));
  }

  Size times(Size other) {
    Size product = of(0);
    for (Map.Entry<String, Integer> a : terms.entrySet()) {
      for (Map.Entry<String, Integer> b : other.terms.entrySet()) {
        String[] names = (a.getKey() + " " + b.getKey()).strip().split(" ", -1);
        java.util.Arrays.sort(names);
        int factor = Math.multiplyExact(a.getValue(), b.getValue());
        product = product.plus(new Size(new TreeMap<>(Map.of(String.join(" ", names), factor))));
      }
    }
    return product;
  }

  /** The size that is this one if multiplied by a single term, or null if there is none. */
  @Nullable Size over(Size divisor) {
    if (divisor.terms.size() != 1) {
      return null;
    }
    SortedMap<String, Integer> divided = new TreeMap<>();
    List<String> without = List.of(divisor.terms.firstKey().split(" ", -1));
    int by = divisor.terms.firstEntry().getValue();
    for (Map.Entry<String, Integer> term : terms.entrySet()) {
      List<String> names = new ArrayList<>(List.of(term.getKey().split(" ", -1)));
      for (String name : without) {
        if (!name.isEmpty() && !names.remove(name)) {
          return null;
        }
      }
      if (term.getValue() % by != 0) {
        return null;
      }
      divided.put(String.join(" ", names), term.getValue() / by);
    }
    return new Size(divided);
  }

  /** The number that the size {@code name} has where this one is {@code number}, or 0 if there is none. */
  int solve(String name, int number, Map<String, Integer> numbers) {
    Map<String, Integer> all = new HashMap<>(numbers);
    all.put(name, 0);
    int rest = number - number(all);
    all.put(name, 1);
    int factor = number(all) - (number - rest);
    return factor > 0 && rest > 0 && rest % factor == 0 ? rest / factor : 0;
  }

  /** The names that it is made of. */
  SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    terms.keySet().forEach(product -> names.addAll(List.of(product.split(" ", -1))));
    names.remove("");
    return names;
  }

  boolean isOne() {
    return equals(of(1));
  }

  /** True if it depends on the size with this name. */
  boolean mentions(String name) {
    return degree(name) > 0;
  }

  /** How often a name is multiplied by itself. */
  int degree(String name) {
    return terms.keySet().stream().mapToInt(product -> Collections.frequency(List.of(product.split(" ", -1)), name))
        .max().orElse(0);
  }

  /** The number that it is where names have these numbers. */
  int number(Map<String, Integer> numbers) {
    long sum = 0;
    for (Map.Entry<String, Integer> term : terms.entrySet()) {
      long product = term.getValue();
      for (String name : term.getKey().isEmpty() ? new String[0] : term.getKey().split(" ", -1)) {
        product = Math.multiplyExact(product, (long) java.util.Objects.requireNonNull(numbers.get(name), name));
      }
      sum = Math.addExact(sum, product);
    }
    return Math.toIntExact(sum);
  }

  @Override
  public String toString() {
    if (terms.isEmpty()) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    terms.reversed().forEach((names, factor) -> { // the number last
      text.append(factor < 0 ? "-" : text.isEmpty() ? "" : "+");
      int size = Math.abs(factor);
      text.append(size == 1 && !names.isEmpty() ? "" : Integer.toString(size)).append(names);
    });
    return text.toString();
  }

  /** A shape in numbers, behind some leading axes. */
  static Shape shape(Shape leading, List<Size> sizes, Map<String, Integer> numbers) {
    Shape shape = leading;
    for (Size size : sizes) {
      shape = shape.insert(shape.rank(), size.number(numbers));
    }
    return shape;
  }

  /** A shape as text: {@code [F,4H]}. */
  static String text(List<Size> shape) {
    StringJoiner text = new StringJoiner(",", "[", "]");
    shape.forEach(size -> text.add(size.toString()));
    return text.toString();
  }
}
