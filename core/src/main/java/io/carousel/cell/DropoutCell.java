package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A cell with dropout within its recurrence, in two forms: of the output h where it goes back in through a
 * matrix, with the same mask m at all steps of a row, or of what a step writes into the memory, with a mask m of
 * its own at each step. For the {@link LstmCell}:
 *
 * <pre>
 *   state:      i, f, o = σ(W x + R (h ⊙ m) + b)   g = tanh(W x + R (h ⊙ m) + b)   c' = f ⊙ c + i ⊙ g
 *   candidate:  i, f, o = σ(W x + R h + b)         g = tanh(W x + R h + b)         c' = f ⊙ c + i ⊙ g ⊙ m
 *   both:       h' = o ⊙ tanh(c')
 * </pre>
 *
 * m [B,H] is 0 with probability {@code rate}, else 1 / (1 − rate). When the model answers it is the cell itself,
 * with the same parameters.
 *
 * <p>What this means for any cell is read from its equations. State: each matrix product of h, or of h times a
 * gate, takes h ⊙ m; what else h is used for, as in z ⊙ h of a {@link GruCell}, takes h itself. Candidate: of the
 * one state whose next value is a sum with a multiple of the state itself in it, all other terms are dropped.
 * A cell without such a product, or without such a state, is refused.
 *
 * <p>Source: state: Gal, Ghahramani: A Theoretically Grounded Application of Dropout in Recurrent Neural
 * Networks, 2016 (Keras's {@code recurrent_dropout}); candidate: Semeniuta, Severyn, Barth: Recurrent
 * Dropout without Memory Loss, 2016. Differs from the source: all gates share one mask; inputs are dropped
 * by a dropout layer before this one.
 *
 * @param cell the cell, the library's or one's own
 * @param rate the part that is dropped, 0 to below 1
 * @param of what is dropped
 */
public record DropoutCell(Cell cell, double rate, Of of) implements Cell {
  /** What is dropped. */
  public enum Of {
    /** The output on its way back in, the same units at all steps of a row. */
    STATE,
    /** What may be written into the memory, other units at each step. */
    CANDIDATE;

    /** Its name in model files, {@code state}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DropoutCell {
    DropoutMask.requireRate("Dropout of " + cell, rate);
  }

  @Override
  public int units() {
    return cell.units();
  }

  @Override
  public List<Expr> initials() {
    return cell.initials();
  }

  @Override
  public List<Expr> initials(Shape input) {
    return cell.initials(input);
  }

  @Override
  public boolean hasScaledStates() {
    return cell.hasScaledStates();
  }

  @Override
  public List<String> stateNames() {
    return cell.stateNames();
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Step plain = cell.declare(input, scope);
    if (!scope.training() || rate == 0) {
      return plain;
    }
    boolean ofState = of == Of.STATE;
    Shape shape = cell.initials(input).getFirst().shape();
    Expr mask = DropoutMask.of(rate, scope.name(), ofState ? shape : shape.insert(0, Shape.T));
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        List<Expr> sequences = new ArrayList<>(plain.sequences(x));
        if (!ofState) {
          sequences.add(mask);
        }
        return sequences;
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        if (ofState) {
          return droppedState(plain.step(current, states), states.getFirst(), mask);
        }
        int own = current.size() - 1;
        return droppedCandidate(plain.step(current.subList(0, own), states), states, current.get(own));
      }
    };
  }

  // ---- the state -------------------------------------------------------------------------------

  private Scans.Step droppedState(Scans.Step step, Expr h, Expr mask) {
    Expr dropped = h.times(mask);
    int[] products = {0};
    Scans.Step result =
        rewritten(
            step,
            Map.of(),
            node -> {
              if (!(node.op() instanceof Op.Matmul)) {
                return node;
              }
              Expr left = replaced(node.arg(0), h, dropped);
              products[0] += left == node.arg(0) ? 0 : 1;
              return node.withArgs(List.of(left, node.arg(1)));
            });
    if (products[0] == 0) {
      throw new IllegalArgumentException(
          this + ": the output must go back in through a matrix, but " + cell
              + " multiplies it by none; use zoneout");
    }
    return result;
  }

  /** What is made of h by parts and factors alone, of {@code by} instead. */
  private static Expr replaced(Expr node, Expr h, Expr by) {
    if (node == h) {
      return by;
    }
    boolean linear =
        switch (node.op()) {
          case Op.Binary b -> b == Op.Binary.MULTIPLY;
          case Op.Slice s -> true;
          case Op.Reshape r -> true;
          case Op.Transpose t -> true;
          case Op.Concat c -> true;
          default -> false;
        };
    return linear ? node.withArgs(node.args().stream().map(arg -> replaced(arg, h, by)).toList()) : node;
  }

  // ---- the candidate ---------------------------------------------------------------------------

  private Scans.Step droppedCandidate(Scans.Step step, List<Expr> states, Expr mask) {
    Map<Expr, Expr> dropped = new IdentityHashMap<>();
    for (int i = 0; i < states.size(); i++) {
      Expr next = step.nexts().get(i);
      Expr state = states.get(i);
      if (isSum(next) && next.args().stream().anyMatch(term -> keeps(term, state)) && hasOthers(next, state)) {
        dropped.put(next, written(next, state, mask));
      }
    }
    if (dropped.size() != 1) {
      throw new IllegalArgumentException(
          this + ": one state must be a multiple of itself and what is written into it, but " + cell + " has "
              + dropped.size() + " such; use Of.STATE");
    }
    return rewritten(step, dropped, node -> node);
  }

  /** A sum in which all terms but multiples of the state are dropped. */
  private static Expr written(Expr node, Expr state, Expr mask) {
    if (keeps(node, state)) {
      return node;
    }
    return isSum(node)
        ? node.withArgs(node.args().stream().map(term -> written(term, state, mask)).toList())
        : node.times(mask);
  }

  private static boolean hasOthers(Expr node, Expr state) {
    return !keeps(node, state)
        && (!isSum(node) || node.args().stream().anyMatch(term -> hasOthers(term, state)));
  }

  private static boolean isSum(Expr node) {
    return node.op() == Op.Binary.ADD;
  }

  /** True for the state itself, multiples of it, and sums of such. */
  private static boolean keeps(Expr node, Expr state) {
    return node == state
        || (node.op() == Op.Binary.MULTIPLY && node.args().stream().anyMatch(factor -> keeps(factor, state)))
        || (isSum(node) && node.args().stream().allMatch(term -> keeps(term, state)));
  }

  private static Scans.Step rewritten(
      Scans.Step step, Map<Expr, Expr> known, java.util.function.UnaryOperator<Expr> rule) {
    List<Expr> roots = new ArrayList<>(step.nexts());
    roots.addAll(step.ys());
    List<Expr> changed = Graph.rewrite(roots, new IdentityHashMap<>(known), rule::apply);
    int states = step.nexts().size();
    return new Scans.Step(changed.subList(0, states), changed.subList(states, changed.size()));
  }

  @Override
  public String toString() {
    return "Dropout(" + cell + ", rate=" + rate + ", of=" + of.word() + ")";
  }
}
