package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cli.Cli.Outcome;
import io.carousel.store.ModelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong: one line that says what, where and what to do, exit code 2, and nothing lost. */
class BadInputTest {
  private static final String GOOD = "text,label\nsee you,ham\nwin now,spam\n";

  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private void refused(String message, String... args) {
    Outcome outcome = Cli.run(args);
    assertThat(outcome.err()).isEqualTo("carousel: " + message + "\n");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
  }

  /** The training is refused, and its folder is not there afterwards. */
  private void trainingRefused(String message, Path data, String... more) {
    Path run = folder.resolve("run");
    refused(message, Cli.concat(
        new String[] {"train", "text-classifier", "--data", data.toString(), "--out", run.toString()}, more));
    assertThat(run).doesNotExist();
  }

  @Test
  void missingFile() {
    Path data = folder.resolve("nowhere.csv");
    trainingRefused(data + ": there must be a file or folder here, there is none; check the path (from "
        + Path.of("").toAbsolutePath() + ")", data);
  }

  @Test
  void missingColumnNamesTheOnesThereAre() throws IOException {
    Path data = file("data.csv", GOOD);
    String rest = ", the columns are: text, label; choose one of them, or, if the first line is not a header, read"
        + " without one, by number";
    trainingRefused(data + ": there must be a text column \"review\"" + rest, data, "--text", "review");
    trainingRefused(data + ": there must be a label column \"class\"" + rest, data, "--label", "class");
    trainingRefused(data
        + ": the text column must be a number from 1 to 2, the columns that the first line has, got 3",
        data, "--no-header", "--text", "3", "--label", "1");
    trainingRefused("Columns: without a header the text column must be a number from 1, got \"text\"; count the columns",
        data, "--no-header");
  }

  @Test
  void emptyFiles() throws IOException {
    Path empty = file("empty.csv", "");
    trainingRefused(empty + ": must hold a line of column names and rows, it is empty; check the path", empty);
    Path head = file("head.csv", "text,label\n");
    trainingRefused(head + ": must hold rows below the line of column names, it has none; check the file", head);
    Path blank = file("blank.csv", "text,label\n,ham\n ,spam\n");
    trainingRefused(blank
        + ": column \"text\" must hold texts, it is empty in all 2 rows; choose another column, there"
        + " are: text, label", blank);
  }

  @Test
  void onlyOneClass() throws IOException {
    Path data = file("one.csv", "text,label\nsee you,ham\nbye,ham\n");
    trainingRefused(data
        + ": column \"label\" must hold at least two different labels, got only \"ham\" in 2 rows; add"
        + " rows of another class", data);
  }

  @Test
  void aClassThatTrainingNeverSaw() throws IOException {
    Path test = file("test.csv", "text,label\nhi,ham\nhi,eggs\n");
    String message = test + " line 3: column \"label\" must hold a class that training has seen (ham, spam), got"
        + " \"eggs\"; correct it, or train with examples of it";
    trainingRefused(message, file("data.csv", GOOD), "--test", test.toString());
    refused(message, "evaluate", Cli.model().toString(), "--data", test.toString(), "--text", "text",
        "--label", "label");
  }

  @Test
  void rowsWithTooManyOrTooFewFields() throws IOException {
    Path many = file("many.csv", GOOD + "a,b,c\n");
    trainingRefused(many
        + " line 4: a row must have 2 fields like the header, this one has 3; look for a comma inside the"
        + " text that is not within quotes", many);
    Path few = file("few.csv", GOOD + "a\n");
    trainingRefused(few
        + " line 4: a row must have 2 fields like the header, this one has 1; look for a missing comma or a"
        + " line break inside the row", few);
  }

  @Test
  void bytesThatAreNotUtf8() throws IOException {
    Path data = Files.write(folder.resolve("latin.csv"),
        (GOOD + "caf\u00e9,ham\n").getBytes(StandardCharsets.ISO_8859_1));
    trainingRefused(data + " line 4: must be UTF-8, the byte 0xE9 is not; save the file as UTF-8", data);
    Outcome outcome = Cli.runWith(new byte[] {'h', 'i', '\n', (byte) 0xFF, '\n'}, "predict",
        Cli.model().toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("carousel: standard input line 2: must be UTF-8, the byte 0xFF is not; save the file as UTF-8\n");
    assertThat(outcome.out().lines()).hasSize(1); // the line before it has its answer
  }

  @Test
  void anOutputThatExists() throws IOException {
    Path data = file("data.csv", GOOD);
    Path run = Files.createDirectory(folder.resolve("run"));
    Path mine = Files.writeString(run.resolve("mine.txt"), "mine");
    refused(run
        + ": the folder of the run must be new, but it exists; choose another one, or replace the run in it with"
        + " --force", "train", "text-classifier", "--data", data.toString(), "--out", run.toString());
    assertThat(run.toFile().list()).containsExactly("mine.txt");
    refused(mine
        + ": the file for the predictions must be new, but it exists; choose another one, or replace it with"
        + " --force", "predict", Cli.model().toString(), "--data", data.toString(), "--out", mine.toString());
    assertThat(mine).hasContent("mine");
  }

  @Test
  void anOutputThatCannotBeWritten() throws IOException {
    Path data = file("data.csv", GOOD);
    Path below = data.resolve("run");
    refused(below + ": the folder of the run cannot be made: there is a file in its place; choose another one",
        "train", "text-classifier", "--data", data.toString(), "--out", below.toString());
    Path out = folder.resolve("none/out.csv");
    refused(out + ": cannot be written: its folder does not exist; create it first", "predict",
        Cli.model().toString(),
        "--data", data.toString(), "--column", "text", "--out", out.toString());
  }

  @Test
  void filesThatAreNoModel() throws IOException {
    Path none = folder.resolve("none");
    refused(none + ": cannot be read: there is no such file", "predict", none.toString(), "--text", "hi");
    refused(folder.resolve(ModelFile.NAME) + ": cannot be read: there is no such file", "summary",
        folder.toString());
    Path text = file("text", GOOD);
    refused(text + ": must be a safetensors file, got a text file", "predict", text.toString(), "--text", "hi");
    Path empty = file("empty", "");
    refused(empty + ": must be a safetensors file, got an empty file", "summary", empty.toString());
    refused("summary: must be given one of --json, --equations and --latex, got [--json, --latex]", "summary",
        Cli.model().toString(), "--latex", "--json");
  }

  @Test
  void modelsThatAreDamagedOrNewer() throws IOException {
    byte[] good = Files.readAllBytes(Cli.model().resolve(ModelFile.NAME));
    Path file = folder.resolve("model");
    Files.write(file, Arrays.copyOf(good, good.length - 10));
    Outcome truncated = Cli.run("predict", file.toString(), "--text", "hi");
    assertThat(truncated.err())
        .matches("carousel: " + file
            + ": must have \\d+ bytes of numbers, got \\d+; the file is truncated, copy or train it"
            + " again\n");
    assertThat(truncated.code()).isEqualTo(2);

    byte[] corrupted = good.clone();
    corrupted[good.length - 100] ^= 1;
    Files.write(file, corrupted);
    refused(file
        + ": content must match its SHA-256, got other bytes; the file is corrupted, copy or train it again",
        "predict", file.toString(), "--text", "hi");

    String newer = new String(good, StandardCharsets.ISO_8859_1).replace("\"format_version\":\"1\"",
        "\"format_version\":\"2\"");
    Files.write(file, newer.getBytes(StandardCharsets.ISO_8859_1));
    refused(file + ": format version must be at most 1, got 2; it comes from a newer Carousel, use that one",
        "evaluate", file.toString(), "--data", "x");

    String foreign = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    Files.write(file, (((char) foreign.length()) + "\0\0\0\0\0\0\0" + foreign + "\0\0\0\0")
        .getBytes(StandardCharsets.ISO_8859_1));
    refused(file + ": must be a model of Carousel, got a safetensors file without a manifest", "summary",
        file.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--vocabulary|9|a whole number from 10 to 1000000|20000",
        "--units|0|a whole number from 1 to 4096|128",
        "--layers|x|a whole number from 1 to 16|2",
        "--keep|middle|head, tail or both|head",
        "--pooling|sum|one or several of last, mean and max, with commas|last,max",
        "--dropout|1|a number from 0 to 0.99|0.3",
        "--learning-rate|0|a number from 0.0000001 to 10|0.001",
        "--epochs|0|a whole number from 1 to 10000|5",
        "--validation|0.95|a number from 0 to 0.9|0.2",
        "--bidirectional|si|true or false|false",
      })
  void optionsOutOfRange(String option, String value, String range) throws IOException {
    Outcome outcome = Cli.run("train", "text-classifier", "--data", file("data.csv", GOOD).toString(), "--out",
        folder.resolve("run").toString(), option, value);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("carousel: " + option + ": must be " + range + ", got " + value + "; for example ")
        .hasLineCount(1);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void wordsThatAreNotUnderstood() {
    refused("there is nothing called fly; see carousel --help", "fly");
    refused("train: must be followed by one of [text-classifier], got nothing; for example carousel train text-classifier",
        "train");
    refused("Missing required options: '--data=PATH', '--out=FOLDER'; see carousel train text-classifier --help",
        "train", "text-classifier");
    refused("Missing required parameter: 'MODEL'; see carousel predict --help", "predict");
    refused("there is no option --txt; see carousel predict --help", "predict", "m", "--txt", "hi");
    refused("predict: must be given --text or --data, got both", "predict", "m", "--text", "a", "--data", "b");
    refused("predict: --out, --column and --no-header are for a table, but there is no --data; add it",
        "predict", "m", "--out", "x.csv");
  }

  @Test
  void aLossThatIsNoNumberAnyMoreKeepsTheLastGoodModel() throws IOException {
    Path data = Files.write(folder.resolve("messages.tsv"), Cli.messages(0, 120));
    Path run = folder.resolve("run");
    Outcome outcome = Cli.run(Cli.concat(
        Cli.small("train", "text-classifier", "--data", data.toString(), "--no-header", "--text", "2",
            "--label", "1",
            "--out", run.toString()),
        "--json"));
    assertThat(outcome.code()).isZero();
    Outcome wild = Cli.run("train", "text-classifier", "--data", data.toString(), "--no-header", "--text",
        "2", "--label", "1", "--out", run.toString(), "--force", "--units", "8", "--embedding", "8", "--epochs", "60",
        "--learning-rate", "10", "--weight-decay", "0.5", "--patience", "0");
    assertThat(wild.code()).isEqualTo(2);
    assertThat(wild.err().lines().filter(line -> line.startsWith("carousel: ")).toList())
        .singleElement().asString()
        .containsPattern("training: .* must stay finite, got (NaN|Infinity) in epoch \\d+, step \\d+ of 4; the learning rate"
            + " 10.0 is likely too high; lower it; the model of epoch \\d+ is kept in ");
    assertThat(Cli.run("predict", run.toString(), "--text", "hi").code()).isZero();
  }

  @Test
  void whatIsNobodysFaultSaysWhereItsTraceIs() {
    Outcome outcome = Cli.failing(new IllegalStateException("two\nlines"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .matches("carousel: failed, which it should not have: two lines; please report it with \\S+carousel-error-\\S+\\.txt\n");
    assertThat(Cli.failing(new OutOfMemoryError()).err()).contains("not enough memory; lower --batch").hasLineCount(1);
  }
}
