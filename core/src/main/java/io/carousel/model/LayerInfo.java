package io.carousel.model;

import java.util.List;

/**
 * What a summary says of a place of a model.
 *
 * @param name its unique name
 * @param layer the layer as text, {@code LSTM(units=64)}
 * @param after the names of the signals that it follows
 * @param output the shape of its output, {@code [B,T,64]}
 * @param parameters its numbers, without those that it shares with a place before
 * @param frozen how many of them training leaves as they are
 * @param shares the name of the layer whose parameters it has too, or ""
 * @param flops floating-point operations of the forward pass for one row and one step
 */
public record LayerInfo(
    String name, String layer, List<String> after, String output, long parameters, long frozen, String shares,
    long flops) {
  public LayerInfo {
    after = List.copyOf(after);
  }
}
