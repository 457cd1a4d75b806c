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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pieces of Java in the guides are programs: they compile and run. */
class GuideTest {
  private static final Pattern PIECE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String IMPORTS = """
      import io.carousel.cell.*;
      import io.carousel.data.*;
      import io.carousel.expr.*;
      import io.carousel.layer.*;
      import io.carousel.model.*;
      import io.carousel.notation.*;
      import io.carousel.parameter.*;
      import io.carousel.serve.*;
      import io.carousel.store.*;
      import io.carousel.tensor.*;
      import io.carousel.train.*;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.util.List;
      """;

  /**
   * A page with pieces of Java.
   *
   * @param pieces how many there are
   * @param given what they take for granted: declarations of static fields
   */
  private record Guide(String file, int pieces, String given) {
    @Override
    public String toString() {
      return file;
    }
  }

  static List<Guide> guides() {
    return List.of(
        new Guide("docs/layers.md", 9, ""),
        new Guide("docs/cells.md", 2, ""),
        new Guide("docs/models.md", 4, """
            static Dataset texts = new TokenDataset(List.of(new int[] {1, 2, 3}, new int[] {4, 5}), new int[] {0, 1});
            static Dataset numbers = TensorDataset.of(Tensor.zeros(2, 5), null);
            static int[] topics = {0, 8};
            static Tensor stars = Tensor.of(new float[] {1, 5}, 2, 1);
            static Node x = Model.input("x", Input.sequence(3));
            static Node y = Model.input("y", Input.sequence(3));
            static Model model = Model.sequential(Input.sequence(3), new Lstm(4), new Dense(1));
            static Parameters parameters = model.build(1);
            static Predictor predictor = Predictor.of(model, parameters);
            static Batch step = new Batch(1, null, new float[] {1, 2, 3}, new int[] {1}, null, null);
            static int[] words = java.util.stream.IntStream.range(0, 1000).map(i -> 1 + i % 9).toArray();
            static int[] more = words;
            static StreamDataset test = StreamDataset.ofTokens(words, 4, 20);
            static Trainer trainer = Trainer.of(Model.sequential(
                new Embedding(10, 4), new Lstm(4).returnSequences(), new Dense(10, Activation.SOFTMAX)))
                .loss(Loss.CATEGORICAL_CROSS_ENTROPY);
            """),
        new Guide("README.md", 1, """
            static int[] classes = java.util.stream.IntStream.range(0, 40).map(i -> i % 2).toArray();
            static Dataset train = new TokenDataset(
                java.util.Arrays.stream(classes).mapToObj(c -> new int[] {1 + c, 3}).toList(), classes);
            static Dataset test = train;
            """));
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("guides")
  void everyPieceRuns(Guide guide) throws Exception {
    Files.copy(Path.of("cells/textbook.cell"), folder.resolve("textbook.cell"));
    List<Path> files = new ArrayList<>();
    Matcher piece = PIECE.matcher(Files.readString(Path.of("..", guide.file())));
    while (piece.find()) {
      String name = "Piece" + files.size();
      files.add(Files.writeString(folder.resolve(name + ".java"),
          IMPORTS + "public class " + name + " {\n" + guide.given()
              + "public static void run(Path folder) throws Exception {\n"
              + piece.group(1).replace("Path.of(", "folder.resolve(") + "} }\n"));
    }
    assertThat(files).hasSize(guide.pieces());
    compile(files);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      for (int i = 0; i < files.size(); i++) {
        loader.loadClass("Piece" + i).getMethod("run", Path.class).invoke(null, folder);
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
