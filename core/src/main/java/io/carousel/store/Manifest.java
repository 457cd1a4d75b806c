package io.carousel.store;

/**
 * What a model file says about its weights: everything that it takes to use them, and where they
 * come from.
 *
 * <p>Each part is a JSON object that its owner defines; all four are there, empty where they say
 * nothing.
 *
 * @param task what the model is for, such as its kind of job and the names of its classes
 * @param architecture the layers and their sizes
 * @param preprocessing how raw input becomes the model's input, such as tokenizer and vocabulary
 * @param provenance where the weights come from: hash of the data, options, seed, version, kernels
 */
public record Manifest(
    JsonObject task, JsonObject architecture, JsonObject preprocessing, JsonObject provenance) {

  /** The manifest as one JSON object. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("task", task)
        .put("architecture", architecture)
        .put("preprocessing", preprocessing)
        .put("provenance", provenance);
  }

  /** The manifest that a JSON object spells. @throws ModelFormatException if a part is missing */
  public static Manifest of(JsonObject json) {
    return new Manifest(
        json.object("task"),
        json.object("architecture"),
        json.object("preprocessing"),
        json.object("provenance"));
  }
}
