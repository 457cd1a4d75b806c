package io.carousel.notation;

import io.carousel.notation.Names.Definition;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of a cell's parameters and of all that it computes, found from those of its input and its
 * states: what is added or multiplied element by element has one size, and so has what a matrix takes.
 */
final class Shapes {
  /** A size that may not be known yet; two that must be equal are joined. */
  private static final class Extent {
    private @Nullable Extent joined;
    private @Nullable Size size;

    static Extent of(Size size) {
      Extent extent = new Extent();
      extent.size = size;
      return extent;
    }

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

    @Override
    public String toString() {
      Size size = size();
      return size == null ? "?" : size.toString();
    }
  }

  /** The shape of one row's value: none for a number, one extent for a vector, two for a matrix. */
  private record Type(List<Extent> extents) {
    static final Type NUMBER = new Type(List.of());
    static final Type ONE = new Type(List.of(Extent.of(Size.of(1))));

    static Type vector(Extent extent) {
      return new Type(List.of(extent));
    }

    int rank() {
      return extents.size();
    }

    /** True for what goes with any shape: a number, or one for each row. */
    boolean isNumber() {
      return extents.isEmpty() || (extents.size() == 1 && extents.getFirst().isOne());
    }

    @Override
    public String toString() {
      StringJoiner text = new StringJoiner(",", "[", "]");
      extents.forEach(extent -> text.add(extent.toString()));
      return extents.isEmpty() ? "a number" : text.toString();
    }
  }

  /** A total that some parts and a known size add up to. */
  private record Sum(int at, Extent total, List<Extent> parts, Size more) {}

  private final Names names;
  private final Syntax syntax;
  private final Source source;
  private final SequencedMap<String, Type> parameters = new LinkedHashMap<>();
  private final Map<String, Type> values = new HashMap<>();
  private final Map<Node, Type> types = new java.util.IdentityHashMap<>();
  private final List<Sum> sums = new ArrayList<>();
  private final Set<String> ofState = new HashSet<>();
  private Type output = Type.NUMBER;

  private Shapes(Names names) {
    this.names = names;
    this.syntax = names.syntax();
    this.source = syntax.source();
  }

  /** Finds all shapes; what does not fit or does not follow is an error. */
  static Shapes of(Names names) {
    Shapes shapes = new Shapes(names);
    shapes.declare();
    shapes.define();
    shapes.solve();
    shapes.checkKnown();
    return shapes;
  }

  /** The shape of a parameter: [n], or [from, to]. */
  List<Size> parameter(String name) {
    return sizes(Objects.requireNonNull(parameters.get(name), name));
  }

  /** The shape of what an equation computes for each row; nothing for a number. */
  List<Size> value(String name) {
    return sizes(Objects.requireNonNull(values.get(name), name));
  }

  /** The shape of an expression for each row; nothing for a number. */
  List<Size> shape(Node node) {
    return sizes(Objects.requireNonNull(types.get(node)));
  }

  /** The size of the output. */
  Size output() {
    return Objects.requireNonNull(output.extents().getFirst().size());
  }

  /** True for a matrix that multiplies something that depends on a state. */
  boolean isRecurrent(String parameter) {
    return ofState.contains(parameter);
  }

  private static List<Size> sizes(Type type) {
    return type.extents().stream().map(extent -> Objects.requireNonNull(extent.size())).toList();
  }

  // ---- names -------------------------------------------------------------------------------

  private void declare() {
    values.put(syntax.input().name(), Type.vector(Extent.of(syntax.input().size())));
    for (Syntax.State state : syntax.states()) {
      values.put(state.name(), new Type(state.shape().stream().map(Extent::of).toList()));
      for (Size size : state.shape()) {
        if (dependsOnInput(size)) {
          throw source.error(state.at(), "the state " + state.name() + " must not have the size of the input; say"
              + " input " + syntax.input().name() + "[" + syntax.sizes().getFirst().name() + "] if they are equal");
        }
      }
    }
    names.parameters().forEach((name, at) -> parameters.put(name, declared(name, at)));
  }

  private boolean dependsOnInput(Size size) {
    Size input = syntax.input().size();
    return syntax.sizes().stream().noneMatch(each -> input.mentions(each.name()))
        && input.terms().keySet().stream().anyMatch(name -> !name.isEmpty() && size.mentions(name));
  }

  private Type declared(String name, int at) {
    boolean matrix = names.isMatrix(name);
    for (Syntax.Param param : syntax.params()) {
      List<Size> shape = param.shape();
      if (param.name().equals(name) && shape != null) {
        if (matrix != (shape.size() == 2)) {
          throw source.error(at, name + (matrix ? " stands before what it multiplies and must be a matrix [from, to]"
              : " stands alone and must be a vector [n]; a matrix stands before what it multiplies")
              + ", it is declared as " + Size.text(shape));
        }
        return new Type(shape.stream().map(Extent::of).toList());
      }
    }
    return new Type(matrix ? List.of(new Extent(), new Extent()) : List.of(new Extent()));
  }

  private void define() {
    for (Definition definition : names.order()) {
      if (definition.equation().targets().size() == 1) {
        values.put(definition.name(), type(definition.equation().right()));
      } else if (!values.containsKey(definition.name())) {
        split(definition.equation());
      }
    }
    for (Syntax.State state : syntax.states()) {
      Type before = value(new Ref(state.at(), state.name(), false));
      Type after = value(new Ref(state.at(), state.name(), true));
      int at = syntax.equations().stream()
          .filter(e -> e.targets().stream().anyMatch(t -> t.next() && t.name().equals(state.name())))
          .findFirst().orElseThrow().at();
      if (after.isNumber() && before.rank() > 0) {
        continue; // the same number in all places
      }
      if (before.rank() != after.rank()) {
        throw source.error(at, state.name() + "' must be " + before + " like " + state.name() + ", it is " + after);
      }
      for (int i = 0; i < before.rank(); i++) {
        join(at, after.extents().get(i), before.extents().get(i),
            () -> state.name() + "' must be " + before + " like " + state.name() + ", it is " + after);
      }
    }
    Node out = syntax.output();
    String first = syntax.states().getFirst().name() + "'";
    output = out == null ? value(new Ref(0, syntax.states().getFirst().name(), false)) : type(out);
    int at = out == null ? syntax.states().getFirst().at() : out.at();
    if (output.rank() != 1) {
      throw source.error(at, "the output must be a vector, " + (out == null ? "without a line output it is " + first
          + ", " : "it is ") + output + (output.rank() == 0 ? "" : "; add a line output"));
    }
  }

  private void split(Syntax.Equation equation) {
    Node of = ((Syntax.Call) equation.right()).args().getFirst();
    Type whole = type(of);
    if (whole.rank() != 1) {
      throw source.error(of.at(), "split takes a vector apart, got " + whole);
    }
    Extent part = new Extent();
    List<Extent> parts = new ArrayList<>();
    for (Ref target : equation.targets()) {
      parts.add(part);
      values.put(target.toString(), Type.vector(part));
    }
    add(new Sum(of.at(), whole.extents().getFirst(), parts, Size.of(0)));
  }

  private Type value(Ref ref) {
    return Objects.requireNonNull(values.get(ref.toString()), ref.toString());
  }

  // ---- expressions -------------------------------------------------------------------------

  private Type type(Node node) {
    Type type = switch (node) {
      case Syntax.Num n -> Type.NUMBER;
      case Ref ref -> switch (names.what(ref)) {
        case SIZE -> Type.NUMBER;
        case PARAMETER -> Objects.requireNonNull(parameters.get(ref.name()));
        default -> value(ref);
      };
      case Syntax.Product p -> product(p);
      case Syntax.Negative n -> type(n.of());
      case Syntax.Operation o -> together(o.at(), o.sign() + "", type(o.left()), type(o.right()));
      case Syntax.Power p -> type(p.of());
      case Syntax.Part p -> part(p, type(p.of()));
      case Syntax.Call c -> call(c);
    };
    types.put(node, type);
    return type;
  }

  private Type product(Syntax.Product product) {
    Type operand = type(product.operand());
    Ref ref = names.weights(product);
    if (ref != null) {
      Type matrix = Objects.requireNonNull(parameters.get(ref.name()));
      if (operand.rank() != 1) {
        throw source.error(product.operand().at(), ref.name() + " multiplies a vector, got " + operand);
      }
      if (names.readsState(product.operand())) {
        ofState.add(ref.name());
      }
      join(product.at(), matrix.extents().get(0), operand.extents().getFirst(),
          () -> ref.name() + " takes [" + matrix.extents().get(0) + "], got " + operand
              + "; use another matrix for it");
      Type out = Type.vector(matrix.extents().get(1));
      return product.matrix() instanceof Syntax.Part part ? part(part, out) : out;
    }
    Type left = type(product.matrix());
    if (left.rank() != 2 || operand.rank() != 1) {
      throw source.error(product.operand().at(), "there must be an operator before this; side by side stand a weight"
          + " matrix, as W, and what it multiplies; element by element is written with *");
    }
    join(product.at(), left.extents().get(1), operand.extents().getFirst(),
        () -> "a matrix " + left + " cannot multiply " + operand);
    return Type.vector(left.extents().get(0));
  }

  /** The type of two things put together element by element. */
  private Type together(int at, String how, Type a, Type b) {
    if (b.isNumber()) {
      return a.rank() == 0 ? b : a;
    }
    if (a.isNumber()) {
      return b;
    }
    if (a.rank() != b.rank()) {
      throw source.error(at, how + " needs equal shapes, or a number on one side; left is " + a + ", right is " + b);
    }
    for (int i = 0; i < a.rank(); i++) {
      join(at, a.extents().get(i), b.extents().get(i),
          () -> how + " needs equal shapes, or a number on one side; left is " + a + ", right is " + b);
    }
    return a;
  }

  private Type part(Syntax.Part part, Type of) {
    if (of.rank() != 1) {
      throw source.error(part.at(), "a part [from:to] is taken of a vector, got " + of);
    }
    Size from = part.from() == null ? Size.of(0) : part.from();
    if (part.to() != null) {
      return Type.vector(Extent.of(part.to().minus(from)));
    }
    Extent rest = new Extent();
    add(new Sum(part.at(), of.extents().getFirst(), List.of(rest), from));
    return Type.vector(rest);
  }

  private Type call(Syntax.Call call) {
    List<Type> args = call.args().stream().map(this::type).toList();
    Type first = args.getFirst();
    String word = call.function().word();
    switch (call.function().kind) {
      case MAP -> {
        return first;
      }
      case RANDOM -> {
        requireVectors(call, args.subList(0, 1));
        return first;
      }
      case PAIR -> {
        return args.size() == 2 ? together(call.at(), word, first, args.get(1)) : folded(call, first);
      }
      case FOLD -> {
        return folded(call, first);
      }
      case ROW -> {
        folded(call, first);
        return first;
      }
      case DOT -> {
        return folded(call, together(call.at(), word, first, args.get(1)));
      }
      case OUTER -> {
        requireVectors(call, args);
        return new Type(List.of(first.extents().getFirst(), args.get(1).extents().getFirst()));
      }
      case CONCAT -> {
        requireVectors(call, args);
        Extent total = new Extent();
        add(new Sum(
            call.at(), total, args.stream().map(arg -> arg.extents().getFirst()).toList(), Size.of(0)));
        return args.size() == 1 ? first : Type.vector(total);
      }
      case SPLIT -> throw source.error(call.at(), "split stands alone on the right, as in i, f = split(…)");
    }
    throw new AssertionError(call.function());
  }

  private Type folded(Syntax.Call call, Type of) {
    if (of.rank() != 1) {
      throw source.error(call.at(), call.function().word() + " is over the elements of a vector, got " + of);
    }
    return Type.ONE;
  }

  private void requireVectors(Syntax.Call call, List<Type> args) {
    for (int i = 0; i < args.size(); i++) {
      if (args.get(i).rank() != 1) {
        throw source.error(call.args().get(i).at(), call.function().word() + " takes vectors, got " + args.get(i));
      }
    }
  }

  // ---- sizes -------------------------------------------------------------------------------

  private void join(int at, Extent a, Extent b, java.util.function.Supplier<String> problem) {
    Extent left = a.root();
    Extent right = b.root();
    if (left.equals(right)) {
      return;
    }
    if (left.size != null && right.size != null) {
      if (!left.size.equals(right.size)) {
        throw source.error(at, problem.get());
      }
      return;
    }
    if (left.size == null) {
      left.joined = right;
    } else {
      right.joined = left;
    }
  }

  private void add(Sum sum) {
    sums.add(sum);
    solve(sum); // now, if it can be, so that errors speak of what is known
  }

  /** Follows sums that have one unknown left, until there is nothing new. */
  private void solve() {
    for (boolean changed = true; changed; ) {
      changed = false;
      for (Sum sum : sums) {
        changed |= solve(sum);
      }
    }
  }

  private boolean solve(Sum sum) {
    Size known = sum.more();
    Set<Extent> open = new HashSet<>();
    int times = 0;
    for (Extent part : sum.parts()) {
      Size size = part.size();
      if (size == null) {
        open.add(part.root());
        times++;
      } else {
        known = known.plus(size);
      }
    }
    Size total = sum.total().size();
    if (open.isEmpty()) {
      if (total != null && !total.equals(known)) {
        throw source.error(sum.at(), "this is [" + total + "], its parts add up to [" + known + "]");
      }
      sum.total().root().size = known;
      return total == null;
    }
    if (total == null || open.size() > 1) {
      return false;
    }
    Size part = total.minus(known).part(times);
    if (part == null) {
      throw source.error(sum.at(), "this is [" + total + "], which has no " + times + " equal parts");
    }
    open.iterator().next().size = part;
    return true;
  }

  private void checkKnown() {
    parameters.forEach((name, type) -> {
      if (type.extents().stream().anyMatch(extent -> extent.size() == null)) {
        String example = type.toString().replace("?", syntax.sizes().getFirst().name());
        throw source.error(Objects.requireNonNull(names.parameters().get(name)),
            "the shape of " + name + " does not follow from the equations, it is " + type + "; say it, for example param "
                + name + example);
      }
    });
    if (dependsOnInput(output())) {
      throw source.error(syntax.output() == null ? 0 : syntax.output().at(),
          "the output must not have the size of the input, it is " + output
          + "; multiply it by a matrix, or say input " + syntax.input().name() + "["
              + syntax.sizes().getFirst().name() + "] if they are equal");
    }
  }
}
