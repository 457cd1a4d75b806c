package io.carousel.expr;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What PyTorch computed for a model: a file of {@code src/test/resources/golden}, whose layout and
 * conventions {@code make_golden.py} beside it describes.
 */
public final class Golden {
  /** All cases. */
  public static final List<String> CASES =
      List.of(
          "lstm", "lstm_lengths", "lstm_larger", "bilstm", "bilstm_lengths", "stacked_bilstm_lengths",
          "text_binary_last", "text_binary_mean", "text_binary_max", "text_binary_last_mean_max",
          "text_classes", "dense_mse");

  /** The numbers are stored with 9 significant digits. */
  public static final double PRECISION = 1e-8;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** An array of the file, row-major. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Numbers(int[] shape, double[] values) {}

  private final JsonNode file;

  private Golden(JsonNode file) {
    this.file = file;
  }

  public static Golden load(String name) {
    try (InputStream stream = Golden.class.getResourceAsStream("/golden/" + name + ".json")) {
      return new Golden(MAPPER.readTree(Objects.requireNonNull(stream, name)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  public String name() {
    return file.get("case").stringValue();
  }

  /** A size by its letter, or {@code absent} where the case has no such size. */
  public int size(String letter, int absent) {
    JsonNode size = file.get("sizes").get(letter);
    return size == null ? absent : size.intValue();
  }

  /** The names of a cell's states, in its order. */
  public List<String> states() {
    JsonNode states = file.get("sizes").get("states");
    if (states == null) {
      return List.of("h", "c");
    }
    List<String> names = new ArrayList<>();
    states.forEach(name -> names.add(name.stringValue()));
    return names;
  }

  /** True if a cell reads from a row's last step to its first. */
  public boolean reverse() {
    return file.get("sizes").has("reverse");
  }

  public boolean bidirectional() {
    JsonNode answer = file.get("sizes").get("bidirectional");
    return answer != null && answer.booleanValue();
  }

  /** The poolings of a text model, in the order in which they lie side by side. */
  public List<String> pooling() {
    List<String> names = new ArrayList<>();
    file.get("sizes").get("pooling").forEach(name -> names.add(name.stringValue()));
    return names;
  }

  public boolean hasLengths() {
    return file.get("inputs").has("lengths");
  }

  public Map<String, Numbers> parameters() {
    return section("parameters");
  }

  public Map<String, Numbers> inputs() {
    return section("inputs");
  }

  public Map<String, Numbers> outputs() {
    return section("outputs");
  }

  public Map<String, Numbers> gradients() {
    return section("gradients");
  }

  private Map<String, Numbers> section(String title) {
    Map<String, Numbers> section = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : file.get(title).properties()) {
      JsonNode shape = entry.getValue().get("shape");
      JsonNode values = entry.getValue().get("values");
      int[] sizes = new int[shape.size()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = shape.get(i).intValue();
      }
      double[] numbers = new double[values.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = values.get(i).doubleValue();
      }
      section.put(entry.getKey(), new Numbers(sizes, numbers));
    }
    return section;
  }
}
