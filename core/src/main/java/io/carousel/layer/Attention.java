package io.carousel.layer;

import io.carousel.cell.DropoutMask;
import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Locale;

/**
 * Attention of one head without projections of what is seen: each step x of a sequence becomes the mean of the
 * steps m of a row, or of another sequence, by the weights a.
 *
 * <pre>
 *   a = softmax over the steps of m of score(x, m)     y = Σ a m
 *
 *   dot:      score = x · m                            of one size F = M
 *   scaled:   score = x · m / √F
 *   general:  score = x W · m                          W [F,M]
 *   additive: score = v · tanh(x W + m U)              W [F,M], U [M,M], v [M]
 * </pre>
 *
 * x [B,T,F], y [B,T,M]; m is x itself, or the second signal [B,T,M] of a graph, whose rows may have other lengths
 * within the same T. W and U begin Glorot uniform, v uniform in ±√(3/M). Padding of m and its skipped steps are never
 * seen; a row without steps gives zeros.
 *
 * <p>Source: dot and general: Luong, Pham, Manning: Effective Approaches to Attention-based Neural Machine
 * Translation, 2015, equation 8; additive: Bahdanau, Cho, Bengio: Neural Machine Translation by Jointly Learning
 * to Align and Translate, 2015, appendix A.1.2; scaled: Vaswani et al. 2017. The additive form keeps M numbers
 * for each pair of steps.
 *
 * @param score how a step of x is compared with one of m
 * @param causal true if a step sees none after it
 * @param dropout the part of the weights a that is dropped in training, 0 to below 1
 */
public record Attention(Score score, boolean causal, double dropout) implements Joining {
  /** How two steps are compared. */
  public enum Score {
    DOT,
    SCALED,
    GENERAL,
    ADDITIVE;

    /** Its name in model files, {@code dot}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Attention {
    DropoutMask.requireRate("Attention", dropout);
  }

  /** Without dropout. */
  public Attention(Score score, boolean causal) {
    this(score, causal, 0);
  }

  /** Each step sees all steps of the row. */
  public Attention(Score score) {
    this(score, false);
  }

  /** The same with dropout of its weights in training. */
  public Attention dropout(double rate) {
    return new Attention(score, causal, rate);
  }

  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    requireOneOrTwo(this, in);
    Signal x = in.getFirst();
    Signal m = in.getLast();
    int size = m.features();
    if ((score == Score.DOT || score == Score.SCALED) && x.features() != size) {
      throw new IllegalArgumentException(
          this + ": both sequences must have as many features, got " + x.shapeText() + " and " + m.shapeText()
              + "; use the general or the additive score");
    }
    Expr query = x.zeroed();
    Expr memory = in.size() == 1 ? query : m.zeroed();
    if (score == Score.GENERAL || score == Score.ADDITIVE) {
      query = query.matmul(scope.parameter("W", Shape.of(x.features(), size), Initializers.glorotUniform()));
    }
    Expr scores = score == Score.ADDITIVE ? additive(query, memory, scope)
        : Heads.split(score == Score.SCALED ? query.times(1 / Math.sqrt(size)) : query, 1)
            .batchMatmul(Heads.splitTransposed(memory, 1));
    Expr a = Heads.dropped(Heads.weights(scores, m, causal), dropout, scope);
    return List.of(x.with(Heads.join(a.batchMatmul(Heads.split(memory, 1)))));
  }

  private static Expr additive(Expr query, Expr memory, Scope scope) {
    int size = memory.shape().size(-1);
    Expr u = scope.parameter("U", Shape.of(size, size), Initializers.glorotUniform());
    Expr v = scope.parameter("v", Shape.of(size), Initializers.uniform(Math.sqrt(3.0 / size)));
    int asking = query.shape().size(0);
    int asked = memory.shape().size(0);
    Expr left = query.transpose(1, 0, 2).reshape(Shape.of(Shape.B, asking, 1, size));
    Expr right = memory.matmul(u).transpose(1, 0, 2).reshape(Shape.of(Shape.B, 1, asked, size));
    return Expr.tanh(left.plus(right)).times(v).sum(-1)
        .reshape(Shape.of(Shape.B, 1, asking, asked));
  }

  static void requireOneOrTwo(Layer layer, List<Signal> in) {
    if (in.isEmpty() || in.size() > 2) {
      throw new IllegalArgumentException(
          layer + ": must follow a sequence, or one that asks and one that is asked, got " + in.size()
              + " signals");
    }
    for (Signal each : in) {
      Layer.requireSequence(layer, each);
      if (each.value().shape().rank() != 3) {
        throw new IllegalArgumentException(
            layer + ": input must be [B,T,F], got " + each.shapeText() + "; flatten each step before");
      }
    }
  }

  @Override
  public String kind() {
    return "attention";
  }

  @Override
  public String toString() {
    return "Attention(" + score.word() + (causal ? ", causal" : "") + (dropout > 0 ? ", dropout=" + dropout + ")" : ")");
  }
}
