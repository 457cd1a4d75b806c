package io.carousel.notation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What sizes must be for a cell to fit together: followed from what is known to what is not. */
final class SizeRules {
  /** A rule of some sizes. */
  private interface Rule {
    /** Follows it; true if that has told something new. */
    boolean follow();
  }

  private final Source source;
  private final List<Rule> rules = new ArrayList<>();

  SizeRules(Source source) {
    this.source = source;
  }

  /** Some parts and a known size add up to a total. */
  void sum(int at, Extent total, List<Extent> parts, Size more) {
    add(() -> followSum(at, total, parts, more));
  }

  /** A total is as many parts of equal size. */
  void product(int at, Extent total, Extent count, Extent part) {
    add(() -> followProduct(at, total, count, part));
  }

  private void add(Rule rule) {
    rules.add(rule);
    rule.follow(); // now, if it can be, so that errors speak of what is known
  }

  /** Follows all rules until there is nothing new. */
  void solve() {
    for (boolean changed = true; changed; ) {
      changed = false;
      for (Rule rule : rules) {
        changed |= rule.follow();
      }
    }
  }

  private boolean followSum(int at, Extent total, List<Extent> parts, Size more) {
    Size known = more;
    Set<Extent> open = new HashSet<>();
    int times = 0;
    for (Extent part : parts) {
      Size size = part.size();
      if (size == null) {
        open.add(part.root());
        times++;
      } else {
        known = known.plus(size);
      }
    }
    Size whole = total.size();
    if (open.isEmpty()) {
      if (whole != null && !whole.equals(known)) {
        throw source.error(at, "this is [" + whole + "], its parts add up to [" + known + "]");
      }
      total.is(known);
      return whole == null;
    }
    if (whole == null || open.size() > 1) {
      return false;
    }
    Size part = whole.minus(known).over(Size.of(times));
    if (part == null) {
      throw source.error(at, "this is [" + whole + "], which has no " + times + " equal parts");
    }
    open.iterator().next().is(part);
    return true;
  }

  private boolean followProduct(int at, Extent total, Extent count, Extent part) {
    Size whole = total.size();
    Size heads = count.size();
    Size each = part.size();
    if (heads == null || (whole == null && each == null)) {
      return false;
    }
    if (whole == null) {
      total.is(heads.times(java.util.Objects.requireNonNull(each)));
      return true;
    }
    Size found = whole.over(heads);
    if (found == null || (each != null && !each.equals(found))) {
      throw source.error(at, "this is [" + whole + "], which is not " + heads + " times " + (each == null ? "a size" : each));
    }
    part.is(found);
    return each == null;
  }
}
