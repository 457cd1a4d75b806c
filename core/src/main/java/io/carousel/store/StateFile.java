package io.carousel.store;

import io.carousel.model.Model;
import io.carousel.model.State;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What a model remembers of some rows, in a file: another process answers on, or trains on, with the same bits.
 *
 * <pre>
 *   StateFile.write(Path.of("reader.state"), state, parameters);
 *   State state = StateFile.read(Path.of("reader.state"), model, parameters);
 * </pre>
 *
 * It is a {@link ModelFile} of the kind {@code state}, whose tensors are those of {@link State#tensors}. It knows the
 * parameters by their SHA-256: what other parameters would make of their predecessors' memory is noise.
 */
public final class StateFile {
  private static final String KIND = "state";
  private static final String PARAMETERS = "parameters";

  private StateFile() {}

  /**
   * Writes the file whole or not at all.
   *
   * @param path a file; a folder, where a model would be, is refused
   * @param parameters those that the state was computed with
   * @throws IOException if it cannot be written, with a message of one line; an older file is then as it was
   */
  public static void write(Path path, State state, Parameters parameters) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException(path + ": must be a file for the state, got a folder; name a file in it");
    }
    JsonObject task = new JsonObject().put("kind", KIND).put(PARAMETERS, hash(parameters));
    JsonObject none = new JsonObject();
    new ModelFile(new Manifest(task, none, none, none), state.tensors()).write(path);
  }

  /**
   * Reads a state of a model with these parameters.
   *
   * @throws ModelFormatException if the file is missing, truncated, corrupted, of another kind, or of another model
   */
  public static State read(Path path, Model model, Parameters parameters) {
    ModelFile file = ModelFile.read(path);
    JsonObject task = file.manifest().task();
    if (!task.string("kind").equals(KIND)) {
      throw new ModelFormatException(
          path + ": must be a state, got a model of the kind \"" + task.string("kind") + "\"");
    }
    try {
      State state = State.of(model, file.tensors());
      if (!task.string(PARAMETERS).equals(hash(parameters))) {
        throw new ModelFormatException(
            path + ": the parameters must be those that the state was computed with, got others; read the model that it"
                + " was saved beside, or begin anew");
      }
      return state;
    } catch (ModelFormatException e) {
      throw e;
    } catch (IllegalArgumentException e) { // from the state, which does not know the file
      throw new ModelFormatException(path + ": " + e.getMessage(), e);
    }
  }

  private static String hash(Parameters parameters) {
    SequencedMap<String, Tensor> tensors = new TreeMap<>(); // freezing a layer changes the order of the slots
    parameters.slots().forEach(slot -> tensors.put(slot.name(), parameters.get(slot.name())));
    MessageDigest digest = ModelFile.sha256();
    Safetensors.digest(tensors, digest);
    return HexFormat.of().formatHex(digest.digest());
  }
}
