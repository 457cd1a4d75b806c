package io.carousel.notation;

import io.carousel.notation.Extent.Type;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;

/** The shape of each expression of a cell, from those of the names in it. */
final class Typing {
  final SequencedMap<String, Type> parameters = new LinkedHashMap<>();
  final Map<String, Type> values = new HashMap<>();
  final Map<Node, Type> types = new IdentityHashMap<>();
  final Set<String> recurrent = new HashSet<>(); // matrices of what depends on a state
  final SizeRules rules;

  private final Names names;
  private final Order order;
  private final Source source;

  Typing(Names names, Order order) {
    this.names = names;
    this.order = order;
    this.source = names.syntax().source();
    this.rules = new SizeRules(source);
  }

  /** The shape of a name that is computed, of a state or of an input. */
  Type value(Ref ref) {
    return Objects.requireNonNull(values.get(ref.toString()), ref.toString());
  }

  Type type(Node node) {
    Type type = switch (node) {
      case Syntax.Num n -> Type.NUMBER;
      case Ref ref -> switch (names.what(ref)) {
        case SIZE -> Type.NUMBER;
        case PARAMETER -> Objects.requireNonNull(parameters.get(ref.name()));
        default -> value(ref);
      };
      case Syntax.Product p -> names.weights(p) instanceof Ref matrix ? weighted(p, matrix) : product(p);
      case Syntax.Negative n -> type(n.of());
      case Syntax.Operation o -> together(o.at(), o.sign() + "", type(o.left()), type(o.right()));
      case Syntax.Power p -> type(p.of());
      case Syntax.Part p -> part(p, type(p.of()));
      case Syntax.Call c -> call(c);
    };
    types.put(node, type);
    return type;
  }

  // ---- products ----------------------------------------------------------------------------

  /** W x; of the vectors of heads a block of W each. */
  private Type weighted(Syntax.Product product, Ref ref) {
    Type operand = type(product.operand());
    Type matrix = Objects.requireNonNull(parameters.get(ref.name()));
    if (operand.rank() < 1 || operand.rank() > 2) {
      throw source.error(product.operand().at(), ref.name() + " multiplies a vector, or that of each head, got " + operand);
    }
    if (order.readsState(product.operand())) {
      recurrent.add(ref.name());
    }
    Extent from = matrix.extents().get(0);
    if (operand.rank() == 1) {
      join(product.at(), from, operand.last(),
          () -> ref.name() + " takes [" + from + "], got " + operand + "; use another matrix for it");
    } else {
      rules.product(product.at(), from, operand.extents().get(0), operand.last());
    }
    Type out = operand.withLast(matrix.extents().get(1));
    return product.matrix() instanceof Syntax.Part part ? part(part, out) : out;
  }

  /** A matrix of each row times a vector of each row, or those of each head. */
  private Type product(Syntax.Product product) {
    Type vector = type(product.operand());
    Type matrix = type(product.matrix());
    if (matrix.rank() < 2 || vector.rank() < 1) {
      throw source.error(product.operand().at(), "there must be an operator before this; side by side stand a weight"
          + " matrix, as W, and what it multiplies; element by element is written with *");
    }
    Type columns = new Type(without(matrix, matrix.rank() - 2));
    if (vector.rank() != columns.rank() || !join(columns, vector)) {
      throw source.error(product.at(), "a matrix " + matrix + " cannot multiply " + vector);
    }
    return new Type(without(matrix, matrix.rank() - 1));
  }

  private static List<Extent> without(Type type, int axis) {
    List<Extent> rest = new ArrayList<>(type.extents());
    rest.remove(axis);
    return rest;
  }

  // ---- element by element ------------------------------------------------------------------

  /** The type of two things put together element by element. */
  private Type together(int at, String how, Type a, Type b) {
    if (goesWith(b, a)) {
      return a.rank() == 0 ? b : a;
    }
    if (goesWith(a, b)) {
      return b;
    }
    if (a.rank() != b.rank() || !join(a, b)) {
      throw source.error(at, how + " needs equal shapes, or a number on one side; left is " + a + ", right is " + b);
    }
    return a;
  }

  /** True if one is a number, or one of each row or head, and the other has the same rows or heads. */
  boolean goesWith(Type number, Type other) {
    if (!number.isNumber() || (number.rank() > other.rank() && number.rank() > 1)) {
      return false;
    }
    for (int i = 0; i + 1 < number.rank(); i++) {
      if (!Extent.join(number.extents().get(i), other.extents().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Makes all extents equal; false if some are known to differ. */
  boolean join(Type a, Type b) {
    boolean equal = true;
    for (int i = 0; i < a.rank(); i++) {
      equal &= Extent.join(a.extents().get(i), b.extents().get(i));
    }
    return equal;
  }

  private void join(int at, Extent a, Extent b, Supplier<String> problem) {
    if (!Extent.join(a, b)) {
      throw source.error(at, problem.get());
    }
  }

  // ---- parts and functions -----------------------------------------------------------------

  private Type part(Syntax.Part part, Type of) {
    if (of.rank() == 0) {
      throw source.error(part.at(), "a part [from:to] is taken of a vector, got " + of);
    }
    Size from = part.range().from() == null ? Size.of(0) : part.range().from();
    if (part.range().to() != null) {
      return of.withLast(Extent.of(part.range().to().minus(from)));
    }
    Extent rest = new Extent();
    rules.sum(part.at(), of.last(), List.of(rest), from);
    return of.withLast(rest);
  }

  private Type call(Syntax.Call call) {
    if (call.function().kind == Function.Kind.HEADS) {
      return heads(call);
    }
    List<Type> args = call.args().stream().map(this::type).toList();
    Type first = args.getFirst();
    String word = call.function().word();
    return switch (call.function().kind) {
      case MAP -> first;
      case RANDOM -> {
        requireVectors(call, args.subList(0, 1));
        yield first;
      }
      case PAIR -> args.size() == 2 ? together(call.at(), word, first, args.get(1)) : folded(call, first);
      case FOLD -> folded(call, first);
      case ROW -> {
        folded(call, first);
        yield first;
      }
      case DOT -> folded(call, together(call.at(), word, first, args.get(1)));
      case WHERE -> together(call.at(), word, first, together(call.at(), word, args.get(1), args.get(2)));
      case OUTER -> outer(call, first, args.get(1));
      case CONCAT -> {
        requireVectors(call, args);
        Extent total = new Extent();
        rules.sum(call.at(), total, args.stream().map(Type::last).toList(), Size.of(0));
        yield args.size() == 1 ? first : Type.of(total);
      }
      case JOIN -> {
        if (first.rank() != 2) {
          throw source.error(call.args().getFirst().at(), "join takes the vectors of heads, as heads(a, N), got " + first);
        }
        Extent total = new Extent();
        rules.product(call.at(), total, first.extents().getFirst(), first.last());
        yield Type.of(total);
      }
      case SPLIT -> throw source.error(call.at(), "split stands alone on the right, as in i, f = split(…)");
      case HEADS -> throw new AssertionError("is done before");
    };
  }

  /** A vector as that of each of some heads. */
  private Type heads(Syntax.Call call) {
    Type whole = type(call.args().getFirst());
    requireVectors(call, List.of(whole));
    Extent part = new Extent();
    Extent count = Extent.of(headCount(call.args().get(1)));
    rules.product(call.args().getFirst().at(), whole.last(), count, part);
    return Type.of(count, part);
  }

  private Size headCount(Node count) {
    if (count instanceof Ref ref && names.what(ref) == Names.What.SIZE) {
      return Size.of(ref.name());
    }
    if (count instanceof Syntax.Num number && number.value() >= 1 && number.value() == Math.rint(number.value())) {
      return Size.of((int) number.value());
    }
    throw source.error(count.at(), "the second argument of heads is how many there are, a size or a whole number");
  }

  private Type outer(Syntax.Call call, Type a, Type b) {
    if (a.rank() == 0 || a.rank() > 2 || b.rank() != a.rank()
        || (a.rank() == 2 && !Extent.join(a.extents().get(0), b.extents().get(0)))) {
      throw source.error(call.at(), "outer takes two vectors, or those of equally many heads, got " + a + " and " + b);
    }
    List<Extent> all = new ArrayList<>(a.extents());
    all.add(b.last());
    return new Type(all);
  }

  private Type folded(Syntax.Call call, Type of) {
    if (of.rank() == 0) {
      throw source.error(call.at(), call.function().word() + " is over the elements of a vector, got " + of);
    }
    return of.withLast(Extent.of(Size.of(1)));
  }

  private void requireVectors(Syntax.Call call, List<Type> args) {
    for (int i = 0; i < args.size(); i++) {
      if (args.get(i).rank() != 1) {
        throw source.error(call.args().get(i).at(), call.function().word() + " takes vectors, got " + args.get(i));
      }
    }
  }
}
