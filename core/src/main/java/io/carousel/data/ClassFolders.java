package io.carousel.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Reads a folder with a folder for each class and a file for each text, as the IMDB archive has it.
 *
 * <p>Everything is taken in the order of names. Hidden files are left out, and so is {@code unsup},
 * where the IMDB archive keeps reviews without a label; what else is left out goes into the notes.
 */
final class ClassFolders {
  private static final String UNLABELLED = "unsup";
  private static final int NAMES_SHOWN = 5;

  private ClassFolders() {}

  static TextTable read(Path folder, Columns columns) throws IOException {
    String source = folder.toString();
    List<String> texts = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    List<String> places = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    MessageDigest digest = DataHash.sha256();
    for (Path classFolder : children(folder)) {
      String label = fileName(classFolder);
      if (!Files.isDirectory(classFolder) || label.equals(UNLABELLED)) {
        skipped.add(label);
        continue;
      }
      int before = texts.size();
      for (Path file : children(classFolder)) {
        if (Files.isDirectory(file)) {
          // Most likely one level too high: train and test would become the classes.
          throw new DataException(
              source + ": must hold a folder for each class with a text in each file, but " + label + "/"
                  + fileName(file) + " is a folder; give the folder right above the classes");
        }
        byte[] content = Files.readAllBytes(file);
        DataHash.update(digest, label + "/" + fileName(file), content);
        texts.add(decode(content, file));
        labels.add(label);
        places.add(file.toString());
      }
      if (texts.size() == before) {
        notes.add(classFolder + ": no files, so no class \"" + label + "\"");
      }
    }
    if (texts.isEmpty()) {
      throw new DataException(
          source + ": must hold a folder for each class with a text in each file, but holds "
              + (skipped.isEmpty() ? "nothing" : names(skipped)) + "; give the folder right above the"
              + " classes");
    }
    if (!skipped.isEmpty()) {
      notes.add(source + ": left out " + names(skipped));
    }
    int empty = TextTable.emptyTexts(texts);
    if (empty > 0) {
      notes.add(TableBuilder.emptyNote(source, empty));
    }
    return new TextTable(
        source, texts, columns.label() == null ? null : labels, "the folders of classes", places,
        new long[0], List.of(), null, notes, DataHash.hex(digest));
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!fileName(entry).startsWith(".")) {
          children.add(entry);
        }
      }
    }
    Collections.sort(children, (a, b) -> fileName(a).compareTo(fileName(b)));
    return children;
  }

  private static String decode(byte[] content, Path file) {
    String text = new String(content, StandardCharsets.UTF_8);
    // A replacement character is either in the file or a sign of bytes that are not UTF-8.
    if (text.indexOf('\uFFFD') >= 0) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      try {
        StandardCharsets.UTF_8.newDecoder().decode(bytes);
      } catch (CharacterCodingException e) {
        throw notUtf8(content, bytes.position(), file, e);
      }
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static DataException notUtf8(byte[] content, int at, Path file, CharacterCodingException e) {
    int line = 1;
    for (int i = 0; i < at; i++) {
      line += content[i] == '\n' ? 1 : 0;
    }
    return new DataException(
        file + " line " + line + ": must be UTF-8, the byte 0x"
            + Integer.toHexString(content[at] & 0xFF).toUpperCase(Locale.ROOT)
            + " is not; save the file as UTF-8",
        e);
  }

  private static String names(List<String> names) {
    StringJoiner list = new StringJoiner(", ");
    for (int i = 0; i < Math.min(NAMES_SHOWN, names.size()); i++) {
      list.add(names.get(i));
    }
    int more = names.size() - NAMES_SHOWN;
    return more > 0 ? list + " and " + more + " more" : list.toString();
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }
}
