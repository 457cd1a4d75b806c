package io.carousel.layer;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer at each step of a sequence: [B,T,…] to [B,T,…], the same parameters at all steps.
 *
 * <p>Most layers take the steps of a sequence as they are. A recurrent layer, or one in both directions, reads each
 * step [n,F] of [B,T,n,F] as a sequence of n vectors: to [B,T,H], or to [B,T,n,H] where whole sequences come out.
 *
 * <p>Source: Keras's TimeDistributed.
 *
 * @param layer a layer without steps of its own, or a recurrent one
 */
public record TimeDistributed(Layer layer) implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireSequence(this, in);
    Signal out =
        switch (layer) {
          case Recurrent recurrent -> in.with(steps(recurrent, in, scope));
          case Bidirectional both when both.merge() != Bidirectional.Merging.CONCAT ->
              throw new IllegalArgumentException(
                  this + ": the directions must come side by side, got " + both.merge().word()
                      + "; merge them by concat");
          case Bidirectional both -> in.with(
              Expr.concat(-1, List.of(
                  steps(both.layer(), in, scope.child("forward")),
                  steps(both.layer().with(both.layer().sequences(), true), in, scope.child("backward")))));
          default -> {
            requireEachAlone(in, scope);
            yield layer.apply(in, scope);
          }
        };
    return out;
  }

  /** A layer that takes one step without the others does not mix them. */
  private void requireEachAlone(Signal in, Scope scope) {
    Signal step = Signal.of(Expr.input("step", in.value().shape().drop(0)), null);
    try {
      layer.apply(step, scope.trial());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          this + ": the layer must work at each step alone (" + e.getMessage() + "); use it without TimeDistributed",
          e);
    }
  }

  /** The loop over n, in which all steps of a row stand beside each other: elements [n,B,T,F], states [B,T,H]. */
  private Expr steps(Recurrent recurrent, Signal in, Scope scope) {
    Shape shape = in.value().shape();
    if (shape.rank() != 4) {
      throw new IllegalArgumentException(
          this + ": input must be [B,T,n,F], a sequence of vectors at each step, got " + in.shapeText()
              + "; add a Reshape before it");
    }
    if (recurrent.trainableStart()) {
      throw new IllegalArgumentException(
          this + ": the layer must begin in its cell's own states; leave out withTrainableStart()");
    }
    Shape vector = Shape.of(Shape.B, shape.size(-1));
    Cell.Step step = recurrent.cell().declare(vector, scope);
    List<Expr> initials = new ArrayList<>();
    for (Expr state : recurrent.cell().initials(vector)) {
      Shape one = state.shape().insert(1, 1);
      initials.add(state.reshape(one).broadcast(one.with(1, shape.size(0))));
    }
    Expr scan =
        Scans.scan(
            step.sequences(in.zeroed().transpose(2, 1, 0, 3)), initials, null, recurrent.reverse(), step::step);
    Expr last = scan.part(Scans.lastState(scan, 0));
    return recurrent.sequences() ? scan.part(0).transpose(2, 1, 0, 3) : last.transpose(1, 0, 2);
  }

  @Override
  public String kind() {
    return "time_distributed";
  }

  @Override
  public String toString() {
    return "TimeDistributed(" + layer + ")";
  }
}
