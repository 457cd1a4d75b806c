package io.carousel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pieces of Java in the guide to layers are programs: they compile and run. */
class GuideTest {
  private static final Pattern PIECE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String IMPORTS = """
      import io.carousel.cell.*;
      import io.carousel.data.*;
      import io.carousel.layer.*;
      import io.carousel.model.*;
      import io.carousel.parameter.*;
      import io.carousel.tensor.*;
      import io.carousel.train.*;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.util.List;
      """;

  @TempDir private Path folder;

  @Test
  void everyPieceRuns() throws Exception {
    List<Path> files = new ArrayList<>();
    Matcher piece = PIECE.matcher(Files.readString(Path.of("../docs/layers.md")));
    while (piece.find()) {
      String name = "Piece" + files.size();
      files.add(Files.writeString(folder.resolve(name + ".java"),
          IMPORTS + "public class " + name + " { public static void run() throws Exception {\n" + piece.group(1)
              + "} }\n"));
    }
    assertThat(files).hasSize(9);
    compile(files);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      for (int i = 0; i < files.size(); i++) {
        loader.loadClass("Piece" + i).getMethod("run").invoke(null);
      }
    }
  }

  private void compile(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    StringWriter said = new StringWriter();
    boolean compiled = compiler
        .getTask(said, null, null, List.of("-proc:none", "-cp", path, "-d", folder.toString()), null,
            compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(files))
        .call();
    assertThat(compiled).as(said.toString()).isTrue();
  }
}
