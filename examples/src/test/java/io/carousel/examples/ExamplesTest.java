package io.carousel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example as a reader would, and reads what it prints. */
class ExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/carousel/examples");

  private final PrintStream console = System.out;
  private final Locale locale = Locale.getDefault();

  @BeforeEach
  void printNumbersTheSameEverywhere() {
    Locale.setDefault(Locale.ROOT);
  }

  @AfterEach
  void restore() {
    System.setOut(console);
    Locale.setDefault(locale);
  }

  @Test
  void ownCell() throws Exception {
    var losses = Pattern.compile("loss in Java (\\S+), as text (\\S+)\n").matcher(
        printed(() -> OwnCell.main(new String[0])));
    assertThat(losses.matches()).isTrue();
    assertThat(losses.group(1)).isEqualTo(losses.group(2));
    assertThat(Double.parseDouble(losses.group(1))).isLessThan(0.01);
  }

  @Test
  void stackedLstm() throws Exception {
    String printed = printed(() -> StackedLstm.main(new String[0]));
    assertThat(printed).contains("total 38,881 parameters");
    assertThat(numbers(printed, "accuracy ([\\d.]+) on 300 rows")).singleElement().satisfies(above(0.95));
  }

  @Test
  void bidirectionalLstm(@TempDir Path folder) throws Exception {
    Path plot = folder.resolve("history.svg");
    String printed = printed(() -> BidirectionalLstm.main(new String[] {plot.toString()}));
    assertThat(numbers(printed, "validation accuracy ([\\d.]+)")).singleElement().satisfies(above(0.95));
    assertThat(Files.readString(plot)).startsWith("<svg").contains("validation");
  }

  @Test
  void sequenceRegression() throws Exception {
    String printed = printed(() -> SequenceRegression.main(new String[0]));
    // The targets' variance, which guessing their mean would leave, is 0.033.
    assertThat(numbers(printed, "loss ([\\d.]+)")).singleElement().satisfies(below(0.005));
  }

  @Test
  void textClasses() throws Exception {
    String printed = printed(() -> TextClasses.main(new String[0]));
    assertThat(numbers(printed, "accuracy ([\\d.]+)")).singleElement().satisfies(above(0.97));
    assertThat(numbers(printed, ", ([\\d.]+)]")).singleElement().satisfies(above(0.9));
  }

  @Test
  void wavePrediction() throws Exception {
    String printed = printed(() -> WavePrediction.main(new String[0]));
    List<Double> predicted = numbers(printed, "predicted (-?[\\d.]+)");
    List<Double> actual = numbers(printed, "was (-?[\\d.]+)");
    assertThat(predicted).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(Math.abs(predicted.get(i) - actual.get(i))).isLessThan(0.15);
    }
  }

  @Test
  void trainingLoop() throws Exception {
    List<Double> losses = numbers(printed(() -> TrainingLoop.main(new String[0])), "loss ([\\d.]+)");
    assertThat(losses).hasSize(10);
    assertThat(losses.getLast()).isLessThan(losses.getFirst() / 5);
  }

  @Test
  void mnistRows() throws Exception {
    String printed = printed(() -> MnistRows.main(new String[] {mnist(), "3000", "2"}));
    assertThat(numbers(printed, "accuracy ([\\d.]+) on 3000 rows")).singleElement().satisfies(above(0.6));
  }

  @Test
  void mnistPixels() throws Exception {
    String printed = printed(() -> MnistPixels.main(new String[] {mnist(), "640", "1"}));
    // Guessing leaves ln 10.
    assertThat(numbers(printed, "loss ([\\d.]+), .* on 640 rows")).singleElement().satisfies(below(2.29));
  }

  /** The folder of MNIST's files; tests run in the module's folder, the data sets lie beside the project. */
  private static String mnist() {
    Path folder = Path.of(System.getenv().getOrDefault("CAROUSEL_DATA", "../../shared/data"), "mnist");
    assumeTrue(Files.exists(folder), "no " + folder + "; CAROUSEL_DATA names the folder of data sets");
    return folder.toString();
  }

  @Test
  void everyExampleIsShortAndRunHere() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.filter(f -> !f.endsWith("package-info.java")).toList()) {
        assertThat(Files.readAllLines(file).stream().filter(line -> !line.startsWith("import ")))
            .as(file.toString()).hasSizeLessThan(55);
        names.add(file.getFileName().toString().replace(".java", "").toLowerCase(Locale.ROOT));
      }
    }
    TreeSet<String> tests = new TreeSet<>();
    for (var method : ExamplesTest.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        tests.add(method.getName().toLowerCase(Locale.ROOT));
      }
    }
    assertThat(names).isNotEmpty().isSubsetOf(tests);
  }

  /** A program that may fail. */
  private interface Program {
    void run() throws Exception;
  }

  private static String printed(Program program) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    program.run();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<Double> numbers(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> Double.valueOf(found.group(1))).toList();
  }

  private static java.util.function.Consumer<Double> above(double bound) {
    return number -> assertThat(number).isGreaterThan(bound);
  }

  private static java.util.function.Consumer<Double> below(double bound) {
    return number -> assertThat(number).isLessThan(bound);
  }
}
