package io.carousel.train;

import io.carousel.cell.Activation;
import io.carousel.layer.Activate;
import io.carousel.layer.ActivityCost;
import io.carousel.layer.Attention;
import io.carousel.layer.AttentionPooling;
import io.carousel.layer.BatchNorm;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Conv;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Flip;
import io.carousel.layer.Gated;
import io.carousel.layer.GaussianNoise;
import io.carousel.layer.Gru;
import io.carousel.layer.Highway;
import io.carousel.layer.Layer;
import io.carousel.layer.LayerNorm;
import io.carousel.layer.LearnedPositions;
import io.carousel.layer.Lstm;
import io.carousel.layer.Masking;
import io.carousel.layer.MultiHeadAttention;
import io.carousel.layer.Node;
import io.carousel.layer.Pooling;
import io.carousel.layer.Residual;
import io.carousel.layer.RmsNorm;
import io.carousel.layer.Shortcut;
import io.carousel.layer.SinusoidalPositions;
import io.carousel.layer.Stack;
import io.carousel.layer.TiedDense;
import io.carousel.layer.Transformer;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Constraint;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Regularizer;
import io.carousel.parameter.Rule;
import io.carousel.train.LayerContractTest.Row;
import java.util.List;

/** The rows of {@link LayerContractTest} that are layers between vectors and steps. */
final class LayerRows {
  private static final int F = LayerContractTest.F;
  private static final int VOCABULARY = LayerContractTest.VOCABULARY;

  private LayerRows() {}

  static List<Row> rows() {
    Input tokens = Input.tokens();
    Input sequence = Input.sequence(F);
    Input vector = Input.vector(F);
    Layer all = new Pooling(Pooling.Kind.LAST, Pooling.Kind.MEAN, Pooling.Kind.MAX);
    return List.of(
        new Row("embedding", tokens, new Embedding(VOCABULARY, 4), "[B,T,4]", 44),
        new Row("frozen embedding", tokens, new Embedding(VOCABULARY, 4).frozen(), "[B,T,4]", 44),
        new Row("lstm", sequence, new Lstm(3), "[B,3]", 4 * 3 * (F + 3 + 1)),
        new Row("lstm sequences", sequence, new Lstm(17).returnSequences(), "[B,T,17]",
            4 * 17 * (F + 17 + 1)),
        new Row("reverse lstm", sequence, new Lstm(4, true, true), "[B,T,4]", 4 * 4 * (F + 4 + 1)),
        new Row("bidirectional", sequence, new Bidirectional(new Lstm(3)), "[B,6]", 2 * 4 * 3 * (F + 3 + 1)),
        new Row("bidirectional sequences", sequence, new Bidirectional(new Lstm(3)).returnSequences(),
            "[B,T,6]", 2 * 4 * 3 * (F + 3 + 1)),
        new Row("shortcut", sequence, new Shortcut(new Lstm(3).returnSequences()), "[B,T,8]",
            4 * 3 * (F + 3 + 1)),
        new Row("gru", sequence, new Gru(3), "[B,3]", 3 * 3 * (F + 3 + 2)),
        new Row("gru sequences", sequence, new Gru(17).returnSequences(), "[B,T,17]", 3 * 17 * (F + 17 + 2)),
        new Row("reverse gru, reset before", sequence, new Gru(4, false, true, true), "[B,T,4]",
            3 * 4 * (F + 4 + 1)),
        new Row("bidirectional gru", sequence, new Bidirectional(new Gru(3)), "[B,6]",
            2 * 3 * 3 * (F + 3 + 2)),
        new Row("bidirectional, mean", sequence,
            new Bidirectional(new Lstm(3)).returnSequences().merge(Bidirectional.Merging.AVERAGE), "[B,T,3]",
            2 * 4 * 3 * (F + 3 + 1)),
        new Row("bidirectional, product", sequence,
            new Bidirectional(new Gru(3)).merge(Bidirectional.Merging.MULTIPLY), "[B,3]", 2 * 3 * 3 * (F + 3 + 2)),
        new Row("lstm, trainable start", sequence, new Lstm(17).withTrainableStart(), "[B,17]",
            4 * 17 * (F + 17 + 1) + 2 * 17),
        new Row("lstm, backwards", sequence, new Lstm(3).returnSequences().goBackwards(), "[B,T,3]",
            4 * 3 * (F + 3 + 1)),
        new Row("lstm, backwards, last", sequence, new Lstm(3).goBackwards(), "[B,3]", 4 * 3 * (F + 3 + 1)),
        new Row("stack", sequence, Stack.of(2, () -> new Lstm(3)).dropout(0.4), "[B,3]",
            4 * 3 * (F + 3 + 1) + 4 * 3 * (3 + 3 + 1)),
        new Row("residual stack", sequence, Stack.of(3, () -> new Gru(F)).dropout(0.4).residual().returnSequences(),
            "[B,T,5]", 3 * 3 * F * (F + F + 2)),
        new Row("dense stack", sequence, Stack.of(2, () -> new Lstm(3)).dense().returnSequences(),
            "[B,T,11]",
            4 * 3 * (F + 3 + 1) + 4 * 3 * (3 + F + 3 + 1)),
        new Row("named", sequence, new Lstm(3).named("reader"), "[B,3]", 4 * 3 * (F + 3 + 1)),
        new Row("shared by two places", sequence,
            Model.sequential(Input.sequence(F), new Dense(F).shared("twice"), new Dense(F).shared("twice")),
            "[B,T,5]", F * (F + 1)),
        new Row("masking", sequence, new Masking(0.5), "[B,T,5]", 0),
        new Row("lstm of masked steps", sequence, skipping(new Lstm(3).returnSequences()), "[B,T,3]",
            2 * (F + 1) + 4 * 3 * (2 + 3 + 1)),
        new Row("bidirectional lstm of masked steps", sequence, skipping(new Bidirectional(new Lstm(3))), "[B,6]",
            2 * (F + 1) + 2 * 4 * 3 * (2 + 3 + 1)),
        new Row("flip", sequence, new Flip(), "[B,T,5]", 0),
        new Row("dense", vector, new Dense(4, Activation.TANH), "[B,4]", 4 * (F + 1)),
        new Row("dense on steps", sequence, new Dense(4, Activation.RELU), "[B,T,4]", 4 * (F + 1)),
        new Row("dropout", vector, new Dropout(0.4), "[B,5]", 0),
        new Row("dropout on steps", sequence, new Dropout(0.4), "[B,T,5]", 0),
        new Row("spatial dropout", sequence, Dropout.spatial(0.4), "[B,T,5]", 0),
        new Row("last", sequence, new Pooling(Pooling.Kind.LAST), "[B,5]", 0),
        new Row("mean", sequence, new Pooling(Pooling.Kind.MEAN), "[B,5]", 0),
        new Row("max", sequence, new Pooling(Pooling.Kind.MAX), "[B,5]", 0),
        new Row("last, mean, max", sequence, all, "[B,15]", 0),
        new Row("relu", sequence, new Activate(Activation.RELU), "[B,T,5]", 0),
        new Row("sigmoid", vector, new Activate(Activation.SIGMOID), "[B,5]", 0),
        new Row("tanh", vector, new Activate(Activation.TANH), "[B,5]", 0),
        new Row("softmax", vector, new Activate(Activation.SOFTMAX), "[B,5]", 0),
        new Row("linear", vector, new Activate(Activation.LINEAR), "[B,5]", 0),
        new Row("gelu", sequence, new Activate(Activation.GELU), "[B,T,5]", 0),
        new Row("selu", sequence, new Activate(Activation.SELU), "[B,T,5]", 0),
        new Row("softplus", sequence, new Activate(Activation.SOFTPLUS), "[B,T,5]", 0),
        new Row("layer norm", sequence, new LayerNorm(), "[B,T,5]", 2 * F),
        new Row("layer norm of vectors", vector, new LayerNorm(1e-3), "[B,5]", 2 * F),
        new Row("batch norm", sequence, new BatchNorm(), "[B,T,5]", 4 * F),
        new Row("batch norm of vectors", vector, new BatchNorm(0.5, 1e-3), "[B,5]", 4 * F),
        new Row("activity cost", sequence, new ActivityCost(new Regularizer(0.1, 0.2)), "[B,T,5]", 0),
        new Row("dense with rules", sequence,
            new Dense(4, Activation.TANH).with(
                Rule.of("W").initializer(Initializers.heNormal()).l1(0.1).l2(0.01).maxNorm(2),
                Rule.of("b").frozen()),
            "[B,T,4]", 4 * (F + 1)),
        new Row("bidirectional with rules", sequence,
            new Bidirectional(new Lstm(3)).with(
                Rule.of("forward.W").l2(0.1), Rule.of("R").constraint(new Constraint.UnitNorm())),
            "[B,6]", 2 * 4 * 3 * (F + 3 + 1)),
        new Row("rms norm", sequence, new RmsNorm(), "[B,T,5]", F),
        new Row("gaussian noise", sequence, new GaussianNoise(0.3), "[B,T,5]", 0),
        new Row("gaussian dropout", vector, GaussianNoise.dropout(0.3), "[B,5]", 0),
        new Row("gated", sequence, new Gated(6, Activation.SILU), "[B,T,6]", 2 * 6 * (F + 1)),
        new Row("highway", sequence, new Highway(), "[B,T,5]", 2 * F * (F + 1)),
        new Row("residual", sequence, new Residual(new LayerNorm(), new Lstm(F).returnSequences()), "[B,T,5]",
            2 * F + 4 * F * (F + F + 1)),
        new Row("dot attention", sequence, new Attention(Attention.Score.DOT), "[B,T,5]", 0),
        new Row("causal scaled attention", sequence, new Attention(Attention.Score.SCALED, true), "[B,T,5]", 0),
        new Row("general attention", sequence, new Attention(Attention.Score.GENERAL), "[B,T,5]", F * F),
        new Row("additive attention", sequence, new Attention(Attention.Score.ADDITIVE), "[B,T,5]",
            2 * F * F + F),
        new Row("multi-head attention", sequence, new MultiHeadAttention(3, 7), "[B,T,5]",
            4 * 21 * F + 3 * 21 + F),
        new Row("causal multi-head attention", sequence, new MultiHeadAttention(2, 17).causally(), "[B,T,5]",
            4 * 34 * F + 3 * 34 + F),
        new Row("attention over every other step", sequence,
            Model.sequential(Input.sequence(F), Conv.over(4, 3).stride(2), new SinusoidalPositions(),
                new Attention(Attention.Score.ADDITIVE), new AttentionPooling(3)),
            "[B,4]", 4 * (3 * F + 1) + 2 * 4 * 4 + 4 + 3 * (4 + 2)),
        new Row("attention to every other step", sequence, everyOther(), "[B,T,5]", F * (3 * F + 1) + F * F),
        new Row("attention pooling", sequence, new AttentionPooling(6), "[B,5]", 6 * (F + 2)),
        new Row("tied dense", tokens, Model.sequential(
            tokens, new Embedding(VOCABULARY, 4), new TiedDense("embedding", Activation.TANH)), "[B,T,11]",
            VOCABULARY * 4 + VOCABULARY),
        new Row("learned positions", sequence, new LearnedPositions(9), "[B,T,5]", 9 * F),
        new Row("attention with dropout", sequence, new Attention(Attention.Score.SCALED, true).dropout(0.3), "[B,T,5]",
            0),
        new Row("attention with dropout over every other step", sequence,
            Model.sequential(Input.sequence(F), Conv.over(4, 3).stride(2), new MultiHeadAttention(2, 3).dropout(0.3)),
            "[B,T/2,4]", 4 * (3 * F + 1) + 4 * 6 * 4 + 3 * 6 + 4),
        new Row("multi-head attention with dropout", sequence, new MultiHeadAttention(3, 2).dropout(0.3), "[B,T,5]",
            4 * 6 * F + 3 * 6 + F),
        new Row("sinusoidal positions", sequence, new SinusoidalPositions(), "[B,T,5]", 0),
        new Row("transformer", sequence, new Transformer(new MultiHeadAttention(2, 3), 7), "[B,T,5]",
            4 * 6 * F + 3 * 6 + F + 4 * F + 2 * 7 * F + 7 + F),
        new Row("transformer, norm last", sequence,
            new Transformer(new MultiHeadAttention(2, 3).causally(), 7, Activation.RELU, 0.3, false),
            "[B,T,5]", 4 * 6 * F + 3 * 6 + F + 4 * F + 2 * 7 * F + 7 + F));
  }

  /** Each step looks at the steps of a convolution that makes half as many: two axes of time. */
  private static Layer everyOther() {
    Node x = Model.input("x", Input.sequence(F));
    return Model.graph(
        List.of(x), List.of(new Attention(Attention.Score.GENERAL).on(x, Conv.over(F, 3).stride(2).on(x))));
  }

  /** A layer after a masking of zeros, some of whose steps are zeros: [B,T,2] goes in. */
  private static Layer skipping(Layer layer) {
    return Model.sequential(Input.sequence(F), new Dense(2, Activation.RELU), new Masking(0), layer);
  }
}
