package io.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.task.Version;
import io.carousel.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What is packed into the library's jar: little, and nothing native. */
class JarTest {
  private static final ClassFolder FOLDER = ClassFolder.of(Shape.class);

  /** At most 2 MB as a jar, which is a zip file. */
  @Test
  void allFilesTogetherAreASmallJar() throws IOException {
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(jar)) {
      for (Path file : FOLDER.files()) {
        zip.putNextEntry(new ZipEntry(file.toString().substring(1)));
        Files.copy(file, zip);
      }
    }
    assertThat(jar.size()).isBetween(10_000, 2_000_000);
  }

  @Test
  void thereAreOnlyClassesAndPlainResources() {
    assertThat(FOLDER.files())
        .allSatisfy(file -> assertThat(file.toString()).doesNotMatch(".*\\.(so|dll|dylib|jnilib|a|o|jar)(\\..*)?"));
  }

  @Test
  void noMethodIsNative() {
    assertThat(FOLDER.classes().stream().filter(JarTest::hasNativeMethod)).isEmpty();
    assertThat(hasNativeMethod(model(Object.class))).as("the check itself").isTrue();
  }

  @Test
  void nothingCallsNativeCodeOrLoadsIt() {
    assertThat(FOLDER.classes().stream().flatMap(type -> Arrows.mentions(type).stream()))
        .doesNotContain("java/lang/foreign/Linker", "java/lang/foreign/SymbolLookup", "sun/misc/Unsafe");
  }

  @Test
  void theVersionIsThatOfThePom() throws IOException {
    assertThat(Files.readString(Path.of("pom.xml")))
        .containsPattern("<version>" + Version.NUMBER.replace(".", "\\.") + "(-SNAPSHOT)?</version>");
  }

  private static boolean hasNativeMethod(ClassModel type) {
    return type.methods().stream().anyMatch(method -> method.flags().has(AccessFlag.NATIVE));
  }

  private static ClassModel model(Class<?> type) {
    try (var bytes = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      if (bytes == null) {
        throw new IllegalStateException("no class file of " + type);
      }
      return java.lang.classfile.ClassFile.of().parse(bytes.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
