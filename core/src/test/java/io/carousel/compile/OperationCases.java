package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every operation over every kind of view, for rows of a given width. */
final class OperationCases {
  private static final int B = Shape.B;
  private static final int T = Shape.T;

  private final int n;
  private final Map<String, Expr> cases = new LinkedHashMap<>();
  private final Expr x;
  private final Expr y;
  private final Expr row;
  private final Expr weights;
  private final Expr scalar = Expr.parameter("scalar", Shape.SCALAR);
  private final Expr column = Expr.input("column", Shape.of(B, 1));
  private final Expr matrix;
  private final Expr square;
  private final Expr ids = Expr.intInput("ids", Shape.of(T, B));
  private final Expr rowIds = Expr.intInput("rowIds", Shape.of(B));

  private OperationCases(int n) {
    this.n = n;
    x = Expr.input("x", Shape.of(T, B, n));
    y = Expr.input("y", Shape.of(T, B, n));
    row = Expr.input("row", Shape.of(B, n));
    weights = Expr.parameter("weights", Shape.of(n));
    matrix = Expr.parameter("matrix", Shape.of(n, n + 1));
    square = Expr.parameter("square", Shape.of(n, n));
  }

  static Map<String, Expr> of(int n) {
    OperationCases all = new OperationCases(n);
    all.elementwise();
    all.views();
    all.products();
    all.tables();
    all.reductions();
    all.leaves();
    all.symbolicWidths();
    return all.cases;
  }

  private void add(String name, Expr result) {
    if (cases.put(name, result) != null) {
      throw new IllegalArgumentException(name);
    }
  }

  private void elementwise() {
    for (Op.Unary op : Op.Unary.values()) {
      boolean positive = op == Op.Unary.LOG || op == Op.Unary.SQRT;
      add(op.word(), Expr.unary(op, positive ? x.plus(1.25) : x.times(8)));
      add(op.word() + " of a parameter", Expr.unary(op, positive ? weights.plus(1.25) : weights));
      add(op.word() + " of a scalar", Expr.unary(op, positive ? scalar.plus(1.25) : scalar));
    }
    for (Op.Binary op : Op.Binary.values()) {
      double shift = op == Op.Binary.DIVIDE ? 1.5 : 0;
      add(op.word(), Expr.binary(op, x, y.plus(shift)));
      add(op.word() + " by weights", Expr.binary(op, x, weights.plus(shift)));
      add(op.word() + " of weights", Expr.binary(op, weights, row.plus(shift)));
      add(op.word() + " of column and weights", Expr.binary(op, column, weights.plus(shift)));
      add(op.word() + " by a scalar", Expr.binary(op, x, scalar.plus(shift)));
      add(op.word() + " by a column", Expr.binary(op, x, column.plus(shift)));
      add(op.word() + " by rows", Expr.binary(op, x, row.plus(shift)));
    }
    add("select by comparison", Expr.select(x.less(y), x, y.times(weights)));
    add("select by equality", Expr.select(x.equal(Expr.maximum(x, y)), row, scalar));
    add("select by value", Expr.select(Expr.relu(x), y, weights));
    add("fused sums", x.times(y).plus(row.times(weights)));
    add("fused difference", x.times(y).minus(row.times(scalar)));
    add("difference of a product", row.minus(x.times(y)));
    add("product used twice", x.times(weights).plus(x.times(weights).times(y)));
    add("relu", Expr.relu(x));
    Expr inner = Expr.sigmoid(Expr.exp(Expr.tanh(x.times(y))));
    add("many functions", Expr.tanh(Expr.sigmoid(Expr.exp(Expr.tanh(inner)))));
  }

  private void views() {
    add("transposed rows", Expr.exp(x.transpose(1, 0, 2)));
    add("reversed axes", Expr.exp(x.transpose(2, 1, 0)));
    add("columns to rows", x.transpose(0, 2, 1).plus(y.transpose(0, 2, 1).times(scalar)));
    add("copy of a transpose", x.transpose(1, 2, 0));
    add("matrix transposed", Expr.tanh(matrix.transpose()));
    add("transposed and not", square.transpose().plus(square));
    add("reshape after transpose", Expr.exp(row.transpose().reshape(Shape.of(1, n, B))));
    add("reshape after matrix transpose", matrix.transpose().reshape(Shape.of(n * (n + 1))).times(scalar));
    add("reshape after sequence transpose", x.transpose(1, 0, 2).reshape(Shape.of(B, 1, T, n)).times(2));
    add("new axis", x.reshape(Shape.of(T, 1, B, n)).times(y.reshape(Shape.of(1, T, B, n)).slice(0, 0, 1)));
    Expr repeated = row.reshape(Shape.of(B, 1, n)).broadcast(Shape.of(B, 3, n));
    add("broadcast in the middle", repeated.times(square.slice(0, 0, 1)));
    add("broadcast in front", row.broadcast(Shape.of(T, B, n)));
    add("broadcast of weights", weights.broadcast(Shape.of(T, n)).times(2));
    add("broadcast of a column", column.broadcast(Shape.of(T, B, n)));
    add("broadcast of a scalar", scalar.broadcast(Shape.of(B, n)));
    Expr steps = Expr.index(x.shape(), 0);
    add("all positions", steps.plus(Expr.index(x.shape(), 1).times(0.5)).plus(Expr.index(x.shape(), 2)));
    add("concat", Expr.concat(-1, List.of(x, y, x)));
    add("concat of computed", Expr.concat(-1, List.of(Expr.tanh(x), Expr.exp(y).sum(-1), x.matmul(matrix))));
    add(
        "concat with a number",
        Expr.concat(-1, List.of(Expr.full(2, Shape.of(B, 3)), row, Expr.full(0, Shape.of(B, 1)))));
    add("concat of the first axis", Expr.concat(0, List.of(matrix, matrix.times(2))));
    Expr concat = Expr.concat(-1, List.of(row, Expr.tanh(row)));
    add("concat of a concat", Expr.concat(-1, List.of(column, concat, row)).times(2));
    add("concat used as well", Expr.tanh(x).times(3));
    add("concat of matrices", x.matmul(Expr.concat(1, List.of(matrix, square.times(0.5)))));
    add("flip", Expr.tanh(x).flip(rowIds));
    add("flip used as well", y.flip(rowIds).times(x.flip(rowIds)).plus(y));
    add("flip of a turned sequence", x.transpose(2, 1, 0).flip(Expr.intInput("turned lengths", Shape.of(B))));
    add("flip of a sequence of numbers", x.slice(-1, 0, 1).reshape(Shape.of(T, B)).flip(rowIds));
    add("flip in a concat", Expr.concat(-1, List.of(x, y.flip(rowIds))));
    add("flip of more", x.pad(0, 2, 1).flip(rowIds).matmul(matrix));
    add("flip of a broadcast", row.broadcast(x.shape()).flip(rowIds));
    add("derived", x.square().derived(List.of(x), (of, d) -> List.of(d.times(of.getFirst()).times(2))).times(y));
    add("pad", Expr.tanh(x).pad(-1, 2, 1));
    add("pad without before", row.pad(-1, 0, 3).times(2));
    add("pad of the first axis", matrix.pad(0, 1, 2));
    add("steps", ids.steps(1, 2).cast().plus(rowIds.steps(-3, 1).cast()));
    add("pad of time", Expr.tanh(x).pad(0, 2, 1));
    add("pad and slice of time", x.pad(0, 1, 2).slice(0, 0, -3).times(y).plus(x.pad(0, 1, 2).slice(0, 3, 0)));
    add("matmul of a slice of time", x.pad(0, 2, 0).slice(0, 1, -1).matmul(matrix).plus(y.matmul(matrix)));
    add("every other step", Expr.exp(x.every(0, 2)));
    add("every other step of more", x.pad(0, 2, 1).every(0, 2).slice(0, 1, 0).plus(x.pad(0, 1, 0).every(0, 2)));
    add("every third feature", Expr.tanh(x.every(-1, 3)));
    add("every second of the first axis", matrix.every(0, 2).plus(1));
    add("spread over time", x.every(0, 3).square().spread(0, 3, T).plus(y));
    add("spread over features", Expr.tanh(x).spread(-1, 2, 2 * n).times(2));
    add("sum over every other step", x.every(0, 2).sum(0));
    add("max over every other step", x.pad(0, 0, 1).every(0, 2).max(0));
    add("pad of a product", x.matmul(matrix).pad(2, 1, 0));
    if (n > 1) {
      Expr tail = x.slice(-1, 1, n);
      add("slice", tail);
      add("shifted by one", tail.plus(y.slice(-1, 0, n - 1)));
      add("exp of a slice", Expr.exp(tail));
      add("slice of a row of weights", row.slice(1, 0, 1).times(weights.slice(0, n - 1, n)));
      add("concat of slices", Expr.concat(-1, List.of(tail, y.slice(-1, 0, 1), Expr.tanh(x.slice(-1, 0, n / 2)))));
      add("slices of a concat", Expr.concat(-1, List.of(x, y)).slice(-1, 1, n + 1).times(2));
      add("slice of a slice", x.slice(-1, 1, n).slice(-1, 0, 1).times(3));
      add("product of a slice", tail.matmul(square.slice(0, 1, n)));
      add("slice of a product", x.matmul(matrix).slice(-1, 1, n + 1));
      add("product with sliced columns", x.matmul(matrix.slice(1, 1, n)));
      add("contraction of slices", tail.contract(y.slice(-1, 0, n - 1)));
      add("sum of a slice", tail.sum(0, 2));
      add("softmax of a slice", Expr.softmax(tail));
      add("batch product of slices",
          tail.transpose(1, 0, 2).batchMatmul(y.slice(-1, 0, n - 1).transpose(1, 2, 0)));
      add("slice of the first axis", matrix.slice(0, 1, n).times(2));
      add("gather from a slice", matrix.slice(1, 1, n + 1).gather(Expr.intInput("sliced ids", Shape.of(B))));
    }
    if (n % 2 == 0) {
      Expr pairs = row.reshape(Shape.of(B, n / 2, 2));
      add("pairs exchanged", pairs.transpose(0, 2, 1).reshape(Shape.of(B, n)).times(2));
      add("pairs", Expr.tanh(x.reshape(Shape.of(T, B, 2, n / 2))).sum(2));
      Expr half = x.reshape(Shape.of(T, B, 2, n / 2)).slice(2, 1, 2).reshape(Shape.of(T, B, n / 2));
      add("halves", half.times(y.slice(-1, 0, n / 2)));
    }
  }

  private void products() {
    Expr bias = Expr.parameter("bias", Shape.of(n + 1));
    add("matmul", x.matmul(matrix));
    add("matmul of rows", row.matmul(square));
    add("matmul of weights", weights.matmul(matrix));
    add("matmul of matrices", square.matmul(matrix));
    add("matmul plus bias", x.matmul(matrix).plus(bias));
    add("bias plus matmul", bias.plus(Expr.tanh(row).matmul(matrix)));
    add("matmul plus rows", x.matmul(square).plus(row));
    add("matmul plus sequence", x.matmul(square).plus(y));
    add("matmul plus a column", x.matmul(square).plus(column));
    add("matmul plus a scalar", row.matmul(square).plus(scalar));
    add("matmul plus matmul", x.matmul(square).plus(y.matmul(square)));
    add("matmul used twice", Expr.tanh(row.matmul(matrix)).times(row.matmul(matrix)));
    add("matmul to one column", x.matmul(square.slice(1, 0, 1)));
    add("matmul of one column", column.matmul(weights.reshape(Shape.of(1, n))));
    add("matmul by a transpose", x.matmul(square.transpose()));
    add("matmul of a transpose", row.transpose(1, 0).transpose(1, 0).matmul(matrix));
    add("matmul of a transposed sequence", x.transpose(1, 0, 2).matmul(matrix));
    add("matmul by a computed matrix", x.matmul(Expr.tanh(row.contract(row))));
    add("matmul of a broadcast", weights.broadcast(Shape.of(B, n)).matmul(matrix));
    add("contract", x.contract(y));
    add("contract of rows", Expr.tanh(row).contract(row));
    add("contractions sharing a side", x.contract(row.broadcast(x.shape())));
    Expr shared = x.times(y);
    add("shared, first", x.contract(shared));
    add("shared, second", y.matmul(matrix).contract(shared));
    add("shared, sum", shared.sum(0, 1));
    add("contract of a transpose", x.transpose(1, 0, 2).contract(y.transpose(1, 0, 2)));
    add("contract of a matrix", matrix.contract(square));
    add("batch product", x.transpose(1, 0, 2).batchMatmul(y.transpose(1, 2, 0)));
    add("outer product", row.reshape(Shape.of(B, n, 1)).batchMatmul(column.reshape(Shape.of(B, 1, 1))));
    add("batch product of four axes",
        x.reshape(Shape.of(T, B, 1, n)).batchMatmul(y.reshape(Shape.of(T, B, n, 1))));
  }

  private void tables() {
    add("gather", matrix.gather(ids));
    add("gather of rows", square.gather(rowIds));
    add("gather of a computed table", Expr.tanh(square).gather(ids));
    add("gather from a transpose", matrix.transpose().gather(Expr.intInput("wide ids", Shape.of(B))));
    add("gather in a concat", Expr.concat(-1, List.of(x, square.gather(ids))));
    add("scatter", Expr.scatterAdd(ids, x, 5));
    add("scatter of rows", Expr.scatterAdd(rowIds, Expr.exp(row), 70));
    add("scatter of a broadcast", Expr.scatterAdd(ids, row.broadcast(x.shape()), 3));
    Expr picks = Expr.intInput("picks", Shape.of(T, B));
    add("pick", x.pick(picks));
    add("pick of computed rows", Expr.tanh(x).pick(picks).times(2));
    add("pick of a transpose", y.transpose(1, 0, 2).pick(Expr.intInput("turned picks", Shape.of(B, T))));
    add("pick of rows", row.pick(Expr.intInput("row picks", Shape.of(B))));
    add("pick of a slice", matrix.slice(1, 1, n + 1).gather(ids).pick(picks));
    add("cast", ids.cast().times(0.5));
    add("cast alone", rowIds.cast());
  }

  private void reductions() {
    add("sum over time", x.sum(0));
    add("sum over rows", x.sum(1));
    add("sum over columns", x.sum(2));
    add("sum over time and rows", x.sum(0, 1));
    add("sum over time and columns", x.sum(0, 2));
    add("sum of all", x.times(y).sumAll());
    Expr computed = Expr.tanh(x).times(y).plus(row);
    add("sum of computed rows", x.times(y).sum(2));
    add("sum of computed rows that are used again", computed.sum(2).plus(computed));
    add("two sums of computed rows", computed.square().sum(2).minus(Expr.exp(x).sum(2)));
    add("sum of computed columns", x.times(y).minus(row).sum(0, 1));
    add("two sums of computed columns", Expr.exp(y).sum(0, 1).plus(Expr.exp(y).times(column).sum(0, 1)));
    add("sum of computed columns over rows", row.times(weights).sum(0));
    add("sum of computed columns and rows", computed.times(3).sum(0, 1).plus(computed.times(3).sum(2)));
    add("sum of a vector", weights.sum(0));
    add("sum of a transpose", x.transpose(2, 0, 1).sum(1));
    add("sum of a broadcast", row.broadcast(x.shape()).sum(0));
    add("max over time", x.max(0));
    add("max over rows", x.max(1));
    add("max over columns", x.max(2));
    add("max of a vector", weights.max(0));
    add("max of a transpose", x.transpose(2, 0, 1).max(1));
    add("max of a broadcast", weights.broadcast(x.shape()).max(1));
    add("softmax", Expr.softmax(x.times(3)));
    add("softmax of a vector", Expr.softmax(weights));
    add("softmax of a transpose", Expr.softmax(x.transpose(2, 1, 0)));
    add("sum of a slice of columns", Expr.concat(-1, List.of(x, y)).slice(-1, 1, n + 1).sum(2));
    add("max of a slice", Expr.concat(-1, List.of(x, y)).slice(-1, 1, n + 1).max(2));
    add("logsumexp", Expr.logSumExp(x));
    add("logsumexp of a vector", Expr.logSumExp(weights));
    add("logsumexp of large numbers", Expr.logSumExp(row.times(1000)));
  }

  private void leaves() {
    add("input", x);
    add("input again", x);
    add("parameter", weights);
    add("computed parameter", Expr.tanh(weights).plus(1));
    add("number", Expr.constant(2.5));
    add("many numbers", Expr.full(0.1, Shape.of(T, B, 2)));
    add("random sequence", Expr.random("a", Shape.of(T, B, n)));
    add("random rows", Expr.random("b", Shape.of(B, n)).plus(row));
    add("random weights", Expr.random("c", Shape.of(n)));
    add("random scalar", Expr.random("d", Shape.SCALAR));
    add("random of steps", Expr.random("e", Shape.of(T, n)));
    add("random of rows and steps", Expr.random("f", Shape.of(B, 2, T, n)));
    add("index of columns", Expr.index(Shape.of(B, n), 1));
  }

  /** Where the last axis, or the matrix of a product, has a size that only the run knows. */
  private void symbolicWidths() {
    Expr times = Expr.input("times", Shape.of(B, T));
    Expr table = Expr.input("table", Shape.of(n, T));
    add("elementwise over time", Expr.tanh(times).times(Expr.input("each time", Shape.of(T))));
    add("softmax over time", Expr.softmax(times.times(3)));
    add("logsumexp over rows", Expr.logSumExp(times.transpose(1, 0)));
    add("sum over the last axis of time", times.sum(1));
    add("max over the last axis of time", times.max(1));
    add("matmul over rows", row.transpose().matmul(row));
    add("matmul to times", row.matmul(table));
    add("matmul of a vector to times", weights.matmul(table).plus(times));
    add("similarities", row.matmul(row.transpose()).plus(column));
    add("sequence to times", x.matmul(table));
    add("contract to times", row.contract(times));
    add("contract of times", times.contract(row));
    add("gather of times", table.gather(Expr.intInput("time ids", Shape.of(B))));
    Expr four = Expr.scatterAdd(rowIds, times, 4);
    add("gather from a table of times", four.gather(Expr.intInput("four ids", Shape.of(T))));
    add("concat of times", Expr.concat(0, List.of(table, Expr.exp(table))).times(2));
  }
}
