package io.carousel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The compiled classes of one module, as files. */
final class ClassFolder {
  private final Path folder;

  ClassFolder(Path folder) {
    this.folder = folder;
  }

  /** The folder that a class was loaded from. */
  static ClassFolder of(Class<?> type) {
    try {
      return new ClassFolder(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All files, in the order of their names. */
  List<Path> files() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All classes, package and module descriptors included. */
  List<ClassModel> classes() {
    return files().stream().filter(file -> file.toString().endsWith(".class")).map(ClassFolder::parse).toList();
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
