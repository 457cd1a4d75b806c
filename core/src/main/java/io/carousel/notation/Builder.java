package io.carousel.notation;

import io.carousel.cell.Normalize;
import io.carousel.expr.Expr;
import io.carousel.notation.Names.Definition;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes expressions of a cell's text: either for all steps at once, before the loop, where values are
 * [T,B,…], or for one step, where they are [B,…].
 */
final class Builder {
  private final Names names;
  private final Shapes shapes;
  private final Map<String, Integer> sizes;
  private final Shape rows;
  private final Map<Node, Expr> masks;
  private final Map<String, Expr> known = new HashMap<>();
  private final Map<Node, Expr> done = new IdentityHashMap<>();

  /**
   * A builder.
   *
   * @param sizes the numbers of all sizes, that of the input among them
   * @param rows the leading axes, [T,B] or [B]
   * @param masks what stands in for the masks of dropout
   */
  Builder(
      Names names, Shapes shapes, Map<String, Integer> sizes, Shape rows, Map<Node, Expr> masks) {
    this.names = names;
    this.shapes = shapes;
    this.sizes = sizes;
    this.rows = rows;
    this.masks = masks;
  }

  /** Says what a name is: the input, a state, a parameter, or an equation that is computed already. */
  Builder with(String name, Expr value) {
    known.put(name, value);
    return this;
  }

  /** The value of an equation's name. */
  Expr value(String name) {
    Expr value = known.get(name);
    if (value == null) {
      Definition definition = names.definition(name);
      Node right = definition.right();
      value = definition.equation().targets().size() == 1
          ? expr(right)
          : part(expr(((Syntax.Call) right).args().getFirst()), definition);
      known.put(name, value);
    }
    return value;
  }

  private Expr part(Expr whole, Definition definition) {
    int size = whole.shape().size(-1) / definition.equation().targets().size();
    return whole.slice(-1, definition.part() * size, (definition.part() + 1) * size);
  }

  /** A value of some shape with its leading axes, in another shape: numbers and parameters are repeated. */
  Expr full(Expr value, List<Size> shape, List<Size> to) {
    return fitted(value, shape, to).broadcast(Size.shape(rows, to, sizes));
  }

  /** A number of each row, [B,1], goes with a matrix [B,n,m] as [B,1,1]; one of each head [B,n,1] as that. */
  private static Expr fitted(Expr value, List<Size> shape, List<Size> to) {
    for (int i = shape.size(); i < to.size() && !shape.isEmpty(); i++) {
      value = value.reshape(value.shape().insert(value.shape().rank(), 1));
    }
    return value;
  }

  /** An expression. */
  Expr expr(Node node) {
    Expr value = done.get(node);
    if (value == null) {
      value = make(node);
      done.put(node, value);
    }
    return value;
  }

  private Expr make(Node node) {
    return switch (node) {
      case Syntax.Num n -> Expr.constant(n.value());
      case Ref ref -> names.what(ref) == Names.What.SIZE
          ? Expr.constant(Objects.requireNonNull(sizes.get(ref.name())))
          : value(ref.toString());
      case Syntax.Negative n -> expr(n.of()).negate();
      case Syntax.Product p -> product(p);
      case Syntax.Operation o -> {
        Expr a = beside(o.left(), o.right());
        Expr b = beside(o.right(), o.left());
        yield switch (o.sign()) {
          case '+' -> a.plus(b);
          case '-' -> a.minus(b);
          case '*' -> a.times(b);
          default -> a.over(b);
        };
      }
      case Syntax.Power p -> {
        Expr power = expr(p.of());
        for (int i = 1; i < p.exponent(); i++) {
          power = power.times(expr(p.of()));
        }
        yield power;
      }
      case Syntax.Part p -> slice(p);
      case Syntax.Call c -> call(c);
    };
  }

  /** A value as it goes together with another one. */
  private Expr beside(Node node, Node other) {
    return fitted(expr(node), shapes.shape(node), shapes.shape(other));
  }

  private Expr product(Syntax.Product product) {
    if (names.weights(product) != null) {
      return shapes.shape(product.operand()).size() == 1 ? expr(product.operand()).matmul(expr(product.matrix()))
          : blocks(expr(product.matrix()), vector(product.operand()));
    }
    // A matrix of each row, [B,n,m], times a vector of each row, [B,m].
    Expr row = vector(product.operand());
    Expr made = vector(product.matrix()).times(row.reshape(row.shape().insert(row.shape().rank() - 1, 1))).sum(-1);
    return made.reshape(made.shape().drop(-1));
  }

  /**
   * Each head [B,n,m] times its own rows of a matrix, [n·m,k] → [B,n,k]: as one product with a matrix of blocks with
   * zeros between them.
   */
  private static Expr blocks(Expr matrix, Expr heads) {
    int count = heads.shape().size(-2);
    int size = heads.shape().size(-1);
    int to = matrix.shape().size(1);
    List<Expr> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(matrix.slice(0, i * size, (i + 1) * size).pad(1, i * to, (count - 1 - i) * to));
    }
    Expr made = joined(heads).matmul(Expr.concat(0, blocks));
    return made.reshape(heads.shape().with(-1, to));
  }

  /** [B,n,m] as [B,n·m]. */
  private static Expr joined(Expr heads) {
    Shape shape = heads.shape();
    return heads.reshape(shape.drop(-1).with(-1, shape.size(-1) * shape.size(-2)));
  }

  private Expr slice(Syntax.Part part) {
    Expr of = expr(part.of());
    int size = of.shape().size(-1);
    int[] range = part.range().numbers(sizes, size);
    if (range[0] < 0 || range[0] >= range[1] || range[1] > size) {
      throw names.syntax().source().error(
          part.at(), "a part must lie within its vector and have at least one element, got [" + range[0] + ":"
              + range[1] + "] of [" + size + "] where " + sizes);
    }
    return of.slice(-1, range[0], range[1]);
  }

  private Expr call(Syntax.Call call) {
    Node node = call.args().getFirst();
    Expr a = expr(node);
    return switch (call.function()) {
      case MAX -> call.args().size() == 1 ? a.max(-1) : Expr.maximum(pair(call, 0), pair(call, 1));
      case MIN -> call.args().size() == 1 ? a.negate().max(-1).negate()
          : Expr.minimum(pair(call, 0), pair(call, 1));
      case SUM -> a.sum(-1);
      case MEAN -> a.sum(-1).times(1.0 / a.shape().size(-1));
      case SOFTMAX -> Expr.softmax(a);
      case NORM -> node instanceof Syntax.Product p && names.weights(p) != null
          ? Normalize.product(expr(p.operand()), expr(p.matrix())) : Normalize.of(a);
      case DOT -> pair(call, 0).times(pair(call, 1)).sum(-1);
      case HEADS -> {
        List<Size> shape = shapes.shape(call);
        int size = shape.getLast().number(sizes);
        yield a.reshape(a.shape().with(-1, shape.getFirst().number(sizes)).insert(a.shape().rank(), size));
      }
      case JOIN -> joined(a);
      case WHERE -> {
        List<Size> shape = shapes.shape(call);
        List<Expr> all = call.args().stream().map(arg -> full(expr(arg), shapes.shape(arg), shape)).toList();
        yield Expr.select(all.get(0), all.get(1), all.get(2));
      }
      case OUTER -> outer(vector(node), vector(call.args().get(1)));
      case CONCAT -> Expr.concat(-1, call.args().stream().map(this::vector).toList());
      case SPLIT -> throw new AssertionError("split stands in equations of its own");
      case DROPOUT, VARIATIONAL_DROPOUT -> {
        Expr mask = masks.get(call);
        yield mask == null ? a : a.times(mask);
      }
      default -> call.function().each.apply(a);
    };
  }

  private Expr pair(Syntax.Call call, int i) {
    return beside(call.args().get(i), call.args().get(1 - i));
  }

  /** A vector with its leading axes. */
  private Expr vector(Node node) {
    return full(expr(node), shapes.shape(node), shapes.shape(node));
  }

  private static Expr outer(Expr a, Expr b) {
    Shape column = a.shape().insert(a.shape().rank(), 1);
    Shape row = b.shape().insert(b.shape().rank() - 1, 1);
    return a.reshape(column).times(b.reshape(row));
  }
}
