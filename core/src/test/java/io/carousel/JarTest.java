package io.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.task.Version;
import io.carousel.tensor.Shape;
import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is packed into the library's jar: little, and nothing native. */
class JarTest {
  private static final ClassFolder FOLDER = ClassFolder.of(Shape.class);

  @Test
  void allClassesTogetherStaySmallEvenUncompressed() throws IOException {
    long bytes = 0;
    for (Path file : FOLDER.files()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isBetween(10_000L, 2_000_000L);
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
