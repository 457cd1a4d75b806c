package io.carousel.data;

import io.carousel.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows with several inputs or targets, by the names that the model calls them:
 *
 * <pre>
 *   Dataset data = JointDataset.of("text", texts).input("facts", facts)
 *       .classes("topic", topics).values("stars", ratings);
 * </pre>
 *
 * Row i of each part belongs to row i of the others. Immutable: each call gives another data set.
 */
public final class JointDataset implements Dataset {
  private final SequencedMap<String, Dataset> inputs;
  private final SequencedMap<String, Dataset> targets;
  private final int size;

  private JointDataset(SequencedMap<String, Dataset> inputs, SequencedMap<String, Dataset> targets) {
    this.inputs = inputs;
    this.targets = targets;
    this.size = inputs.firstEntry().getValue().size();
    inputs.forEach(this::check);
    targets.forEach(this::check);
    inputs.forEach(this::checkBesideStreams);
  }

  private void check(String name, Dataset part) {
    Checks.sameSize("JointDataset", "rows of " + name, size, part.size());
    if (part.lanes() > 0 && part.lanes() != lanes()) {
      throw new IllegalArgumentException(
          "JointDataset: streams must have as many lanes, got " + part.lanes() + " of " + name + " beside " + lanes()
              + "; cut them alike, or use apart()");
    }
  }

  /** What is carried along a stream would be carried from row to row of the other sequences too. */
  private void checkBesideStreams(String name, Dataset part) {
    if (part.lanes() != lanes() && IntStream.range(0, size).anyMatch(row -> part.length(row) > 1)) {
      throw new IllegalArgumentException(
          "JointDataset: beside a stream " + name + " must be a stream too, or have one array a row, got sequences;"
              + " cut it alike, or use apart()");
    }
  }

  /** One input; its classes and target values are not used. */
  public static JointDataset of(String input, Dataset data) {
    return new JointDataset(with(new LinkedHashMap<>(), input, data), new LinkedHashMap<>());
  }

  /** The same with one more input. */
  public JointDataset input(String name, Dataset data) {
    return new JointDataset(with(inputs, name, data), targets);
  }

  /** The same with what is to be learned by an output: the classes or target values of a data set. */
  public JointDataset target(String output, Dataset data) {
    return new JointDataset(inputs, with(targets, output, data));
  }

  /** The same with a class of each row, [N], to be learned by an output. */
  public JointDataset classes(String output, int[] classes) {
    return target(output, TensorDataset.ofClasses(Tensor.zeros(classes.length, 1), classes));
  }

  /** The same with target values of each row, [N,K], to be learned by an output. */
  public JointDataset values(String output, Tensor values) {
    return target(output, TensorDataset.of(Tensor.zeros(values.size(0), 1), values));
  }

  private static SequencedMap<String, Dataset> with(SequencedMap<String, Dataset> parts, String name, Dataset data) {
    SequencedMap<String, Dataset> more = new LinkedHashMap<>(parts);
    if (more.put(name, data) != null) {
      throw new IllegalArgumentException("JointDataset: names must be unique, got " + name + " twice");
    }
    return more;
  }

  @Override
  public int size() {
    return size;
  }

  /** Those of the inputs that are streams. */
  @Override
  public int lanes() {
    return inputs.values().stream().mapToInt(Dataset::lanes).max().orElseThrow();
  }

  /** The steps of the longest input. */
  @Override
  public int length(int row) {
    return inputs.values().stream().mapToInt(each -> each.length(row)).max().orElseThrow();
  }

  @Override
  public Batch batch(int[] rows) {
    return Batch.of(batches(inputs, rows), batches(targets, rows));
  }

  private static Map<String, Batch> batches(SequencedMap<String, Dataset> parts, int[] rows) {
    Map<String, Batch> batches = new LinkedHashMap<>();
    parts.forEach((name, part) -> batches.put(name, part.batch(rows)));
    return batches;
  }

  @Override
  public JointDataset subset(int[] rows) {
    return new JointDataset(subsets(inputs, rows), subsets(targets, rows));
  }

  private static SequencedMap<String, Dataset> subsets(SequencedMap<String, Dataset> parts, int[] rows) {
    SequencedMap<String, Dataset> subsets = new LinkedHashMap<>();
    parts.forEach((name, part) -> subsets.put(name, part.subset(rows)));
    return subsets;
  }

  /** Each part as that epoch sees it. */
  @Override
  public JointDataset epoch(int epoch) {
    SequencedMap<String, Dataset> in = new LinkedHashMap<>();
    inputs.forEach((name, part) -> in.put(name, part.epoch(epoch)));
    SequencedMap<String, Dataset> out = new LinkedHashMap<>();
    targets.forEach((name, part) -> out.put(name, part.epoch(epoch)));
    return new JointDataset(in, out);
  }

  /** The classes of the first target that has some. */
  @Override
  public int @Nullable [] classes() {
    for (Dataset each : targets.values()) {
      if (each.classes() != null) {
        return each.classes();
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return "JointDataset" + inputs.keySet() + "→" + targets.keySet();
  }
}
