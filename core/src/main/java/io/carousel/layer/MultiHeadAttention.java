package io.carousel.layer;

import io.carousel.cell.DropoutMask;
import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Scaled dot-product attention of several heads: each step becomes a mean over the steps of a row, or of another
 * sequence, by weights that each head learns.
 *
 * <pre>
 *   q = x Wq + bq     k = m Wk + bk     v = m Wv + bv           each cut into heads of size d
 *   a = softmax over the steps of m of (q kᵀ / √d)              one matrix a head
 *   y = [a v of all heads side by side] O + bo
 * </pre>
 *
 * x and y [B,T,F]; m is x itself, or the second signal [B,T,M] of a graph, whose rows may have other lengths
 * within the same T; Wq [F,D], Wk and Wv [M,D], D = heads·d, O [D,F], biases [D] and [F]. Matrices begin Glorot
 * uniform, biases zero. Padding of m and its skipped steps are never seen; a row without steps gives bo.
 *
 * <p>Source: Vaswani et al.: Attention Is All You Need, 2017, section 3.2. Differs from the source: biases, as in
 * PyTorch and Keras.
 *
 * @param heads the number of heads
 * @param size d, the size of a head
 * @param causal true if a step sees none after it
 * @param dropout the part of the weights a that is dropped in training, 0 to below 1
 */
public record MultiHeadAttention(int heads, int size, boolean causal, double dropout) implements Joining {
  public MultiHeadAttention {
    DropoutMask.requireRate("MultiHeadAttention", dropout);
    if (heads < 1 || size < 1) {
      throw new IllegalArgumentException(
          "MultiHeadAttention: heads and their size must be at least 1, got " + heads + " and " + size);
    }
  }

  /** Without dropout. */
  public MultiHeadAttention(int heads, int size, boolean causal) {
    this(heads, size, causal, 0);
  }

  /** Heads of a size, each step seeing all steps of the row. */
  public MultiHeadAttention(int heads, int size) {
    this(heads, size, false);
  }

  /** The same with dropout of its weights in training. */
  public MultiHeadAttention dropout(double rate) {
    return new MultiHeadAttention(heads, size, causal, rate);
  }

  /** The same, in which a step sees only itself and those before it. */
  public MultiHeadAttention causally() {
    return new MultiHeadAttention(heads, size, true, dropout);
  }

  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    Attention.requireOneOrTwo(this, in);
    Signal x = in.getFirst();
    Signal m = in.getLast();
    Expr query = x.zeroed();
    Expr memory = in.size() == 1 ? query : m.zeroed();
    int width = Math.multiplyExact(heads, size);
    Expr q = Heads.split(dense(query, "q", width, scope).times(1 / Math.sqrt(size)), heads);
    Expr k = Heads.splitTransposed(dense(memory, "k", width, scope), heads);
    Expr v = Heads.split(dense(memory, "v", width, scope), heads);
    Expr a = Heads.dropped(Heads.weights(q.batchMatmul(k), m, causal), dropout, scope);
    Expr o = scope.parameter("O", Shape.of(width, x.features()), Initializers.glorotUniform());
    Expr b = scope.parameter("bo", Shape.of(x.features()), Initializers.zeros());
    return List.of(x.with(Heads.join(a.batchMatmul(v)).matmul(o).plus(b)));
  }

  private static Expr dense(Expr x, String name, int width, Scope scope) {
    Expr w = scope.parameter("W" + name, Shape.of(x.shape().size(-1), width), Initializers.glorotUniform());
    return x.matmul(w).plus(scope.parameter("b" + name, Shape.of(width), Initializers.zeros()));
  }

  @Override
  public String kind() {
    return "multi_head_attention";
  }

  @Override
  public String toString() {
    return "MultiHeadAttention(heads=" + heads + ", size=" + size + (causal ? ", causal" : "")
        + (dropout > 0 ? ", dropout=" + dropout + ")" : ")");
  }
}
