package io.carousel.notation;

import io.carousel.cell.Activation;
import io.carousel.cell.DropoutMask;
import io.carousel.expr.Expr;
import io.carousel.notation.Names.Definition;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
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
  private static final double EPSILON = 1e-5; // of a layer's normalization, PyTorch's

  private final Names names;
  private final Shapes shapes;
  private final Map<String, Integer> sizes;
  private final Scope scope;
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
      Names names, Shapes shapes, Map<String, Integer> sizes, Scope scope, Shape rows, Map<Node, Expr> masks) {
    this.names = names;
    this.shapes = shapes;
    this.sizes = sizes;
    this.scope = scope;
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
      Definition definition = names.order().stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
      Node right = definition.equation().right();
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

  /** The value with its leading axes, in a shape of its own: numbers and parameters are repeated. */
  Expr full(Expr value, List<Size> shape) {
    Shape full = rows;
    for (Size size : shape) {
      full = full.insert(full.rank(), size.number(sizes));
    }
    // A number of each row, [B,1], goes with a matrix [B,n,m] as [B,1,1].
    while (value.shape().rank() > rows.rank() && value.shape().rank() < full.rank()) {
      value = value.reshape(value.shape().insert(value.shape().rank(), 1));
    }
    return value.broadcast(full);
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

  /** A value as it goes together with another one: a number of each row fits a matrix of each row. */
  private Expr beside(Node node, Node other) {
    Expr value = expr(node);
    boolean fits = shapes.shape(other).size() < 2 || shapes.shape(node).size() != 1
        || value.shape().rank() <= rows.rank();
    return fits ? value : value.reshape(value.shape().insert(value.shape().rank(), 1));
  }

  private Expr product(Syntax.Product product) {
    Expr operand = expr(product.operand());
    if (names.weights(product) != null) {
      return operand.matmul(expr(product.matrix()));
    }
    // A matrix of each row, [B,n,m], times a vector of each row, [B,m], as a column.
    Expr matrix = full(expr(product.matrix()), shapes.shape(product.matrix()));
    Expr vector = full(operand, shapes.shape(product.operand()));
    Shape column = vector.shape().insert(vector.shape().rank(), 1);
    Expr made = matrix.batchMatmul(vector.reshape(column));
    return made.reshape(made.shape().drop(-1));
  }

  private Expr slice(Syntax.Part part) {
    Expr of = expr(part.of());
    int size = of.shape().size(-1);
    int from = part.from() == null ? 0 : part.from().number(sizes);
    int to = part.to() == null ? size : part.to().number(sizes);
    if (from < 0 || from >= to || to > size) {
      throw names.syntax().source().error(
          part.at(), "a part must lie within its vector and have at least one element, got [" + from + ":" + to
              + "] of [" + size + "] where " + sizes);
    }
    return of.slice(-1, from, to);
  }

  private Expr call(Syntax.Call call) {
    Node node = call.args().getFirst();
    Expr a = expr(node);
    return switch (call.function()) {
      case SIGMOID -> Expr.sigmoid(a);
      case TANH -> Expr.tanh(a);
      case RELU -> Expr.relu(a);
      case EXP -> Expr.exp(a);
      case LOG -> Expr.log(a);
      case SQRT -> Expr.sqrt(a);
      case ABS -> Expr.abs(a);
      case SOFTPLUS -> Activation.SOFTPLUS.of(a);
      case LOGSIGMOID -> Activation.SOFTPLUS.of(a.negate()).negate();
      case SILU -> a.times(Expr.sigmoid(a));
      case MAX -> call.args().size() == 1 ? a.max(-1) : Expr.maximum(pair(call, 0), pair(call, 1));
      case MIN -> call.args().size() == 1 ? a.negate().max(-1).negate()
          : Expr.minimum(pair(call, 0), pair(call, 1));
      case SUM -> a.sum(-1);
      case MEAN -> mean(a);
      case SOFTMAX -> Expr.softmax(a);
      case NORM -> norm(node);
      case DOT -> a.times(expr(call.args().get(1))).sum(-1);
      case OUTER -> outer(vector(node), vector(call.args().get(1)));
      case CONCAT -> Expr.concat(-1, call.args().stream().map(this::vector).toList());
      case SPLIT -> throw new AssertionError("split stands in equations of its own");
      case DROPOUT, VARIATIONAL_DROPOUT -> {
        Expr mask = masks.get(call);
        yield mask == null ? a : a.times(mask);
      }
    };
  }

  private Expr pair(Syntax.Call call, int i) {
    return beside(call.args().get(i), call.args().get(1 - i));
  }

  /** A vector with its leading axes. */
  private Expr vector(Node node) {
    return full(expr(node), shapes.shape(node));
  }

  private static Expr mean(Expr a) {
    return a.sum(-1).times(1.0 / a.shape().size(-1));
  }

  /** The mean of a product is taken out of its matrix, which leaves one sum a step instead of two. */
  private Expr norm(Node node) {
    Expr centered;
    if (node instanceof Syntax.Product p && names.weights(p) != null) {
      Expr matrix = expr(p.matrix());
      centered = expr(p.operand()).matmul(matrix.minus(mean(matrix)));
    } else {
      Expr a = expr(node);
      centered = a.minus(mean(a));
    }
    Expr variance = mean(centered.square());
    return centered.times(Expr.constant(1).over(Expr.sqrt(variance.plus(EPSILON))));
  }

  private static Expr outer(Expr a, Expr b) {
    Shape column = a.shape().insert(a.shape().rank(), 1);
    Shape row = b.shape().insert(b.shape().rank() - 1, 1);
    return a.reshape(column).times(b.reshape(row));
  }

  /** The mask of a dropout, [T,B,n] for one that is another at each step, else [B,n]. */
  static Expr mask(Syntax.Call call, int number, Shape shape, Scope scope) {
    double rate = ((Syntax.Num) call.args().getLast()).value();
    return DropoutMask.of(rate, scope.name() + (number == 0 ? "" : "." + number), shape);
  }
}
