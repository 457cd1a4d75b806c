package io.carousel.store;

import io.carousel.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A trained model in one file: its weights, and a manifest that says how to use them and where they
 * come from.
 *
 * <p>The file is a safetensors file, so other tools can read the weights. Its {@code __metadata__}
 * holds: {@code format}, always {@code carousel}; {@code format_version}; {@code carousel}, the
 * manifest as JSON; and {@code sha256}, over everything that matters: for each tensor in the order
 * of its bytes the line {@code name [sizes]}, a line feed and its bytes, then {@code carousel}, a
 * space, the format version, a line feed and the manifest.
 *
 * @param manifest what the weights mean
 * @param tensors the weights by name, in the order of the file
 */
public record ModelFile(Manifest manifest, SequencedMap<String, Tensor> tensors) {
  /** The name of the model file in a run's folder. */
  public static final String NAME = "model.safetensors";

  /** The version of the format that this release writes, and the newest that it reads. */
  public static final int FORMAT_VERSION = 1;

  private static final String FORMAT = "format";
  private static final String VERSION = "format_version";
  private static final String CHECKSUM = "sha256";
  private static final String MANIFEST = "carousel";

  /** The tensor of a name. @throws ModelFormatException if there is none */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelFormatException(
          "model file: must have a tensor \"" + name + "\", got " + tensors.keySet());
    }
    return tensor;
  }

  /**
   * Writes the file whole or not at all.
   *
   * @param path the file, or an existing folder, which then gets a file of the name {@link #NAME}
   * @throws IOException if it cannot be written, with a message of one line; an older file is then
   *     as it was
   */
  public void write(Path path) throws IOException {
    String text = manifest.toJson().toString();
    MessageDigest digest = sha256();
    Safetensors.digest(tensors, digest);
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    metadata.put(FORMAT, MANIFEST);
    metadata.put(VERSION, Integer.toString(FORMAT_VERSION));
    metadata.put(CHECKSUM, finish(digest, text));
    metadata.put(MANIFEST, text);
    Safetensors.write(file(path), tensors, metadata);
  }

  /**
   * Reads a model file and checks it.
   *
   * @param path the file, or a folder that holds one of the name {@link #NAME}
   * @throws ModelFormatException if it is missing, truncated, corrupted, of another kind, or of a
   *     newer format
   */
  public static ModelFile read(Path path) {
    Path file = file(path);
    MessageDigest digest = sha256();
    Safetensors.Content content = Safetensors.read(file, digest);
    String text = manifestText(file, content.metadata());
    if (!finish(digest, text).equals(content.metadata().get(CHECKSUM))) {
      throw new ModelFormatException(
          file
              + ": content must match its SHA-256, got other bytes; the file is corrupted, copy or"
              + " train it again");
    }
    return new ModelFile(manifest(file, text), content.tensors());
  }

  /** Reads only the manifest, without the weights and without checking them. */
  public static Manifest readManifest(Path path) {
    Path file = file(path);
    return manifest(file, manifestText(file, Safetensors.readMetadata(file)));
  }

  private static Path file(Path path) {
    return Files.isDirectory(path) ? path.resolve(NAME) : path;
  }

  private static Manifest manifest(Path file, String text) {
    return Manifest.of(JsonObject.parse(text, file + ": manifest"));
  }

  private static String manifestText(Path file, SequencedMap<String, String> metadata) {
    String format = metadata.get(FORMAT);
    String text = metadata.get(MANIFEST);
    if (!MANIFEST.equals(format)) {
      throw new ModelFormatException(
          file
              + ": must be a model of Carousel, got a safetensors file "
              + (format == null ? "without a manifest" : "of the format " + Json.excerpt(format)));
    }
    int version = version(metadata.get(VERSION));
    if (version > FORMAT_VERSION) {
      throw new ModelFormatException(
          file
              + ": format version must be at most "
              + FORMAT_VERSION
              + ", got "
              + version
              + "; it comes from a newer Carousel, use that one");
    }
    if (version < 1 || text == null || !metadata.containsKey(CHECKSUM)) {
      throw new ModelFormatException(
          file
              + ": metadata must hold format_version, sha256 and carousel, got "
              + metadata.keySet()
              + (version < 1 ? " with the version " + Json.excerpt(metadata.get(VERSION)) : "")
              + "; the file is corrupted");
    }
    return text;
  }

  /** The version as a number; 0 when it is none. Versions too long for a number are newer ones. */
  private static int version(@Nullable String text) {
    if (text == null || !text.matches("[0-9]+")) {
      return 0;
    }
    return text.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(text);
  }

  private static String finish(MessageDigest digest, String manifest) {
    digest.update((MANIFEST + " " + FORMAT_VERSION + "\n").getBytes(StandardCharsets.UTF_8));
    digest.update(manifest.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
