package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cli.Cli.Outcome;
import io.carousel.store.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands as a user gives them, on real messages. */
class CommandsTest {
  @TempDir private Path folder;

  private Path csv() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,text,label"));
    for (String line : Cli.messages(0, 120)) {
      String[] fields = line.split("\t", 2);
      lines.add(lines.size() + ",\"" + fields[1].replace("\"", "\"\"") + "\"," + fields[0]);
    }
    return Files.write(folder.resolve("train.csv"), lines);
  }

  private Path tsv() throws IOException {
    return Files.write(folder.resolve("train.tsv"), Cli.messages(0, 120));
  }

  private Path classFolders() throws IOException {
    int i = 0;
    for (String line : Cli.messages(0, 120)) {
      String[] fields = line.split("\t", 2);
      Path of = Files.createDirectories(folder.resolve("train").resolve(fields[0]));
      Files.writeString(of.resolve(i++ + ".txt"), fields[1]);
    }
    return folder.resolve("train");
  }

  private Outcome train(Path data, String... more) {
    return Cli.run(Cli.small(Cli.concat(
        new String[] {"train", "text-classifier", "--data", data.toString(), "--out",
            folder.resolve("run").toString()},
        more)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "csv.gz", "tsv", "folder"})
  void everyKindOfDataGivesARun(String kind) throws IOException {
    Outcome outcome = switch (kind) {
      case "csv" -> train(csv());
      case "csv.gz" -> train(Cli.gzip(csv()));
      case "tsv" -> train(tsv(), "--no-header", "--text", "2", "--label", "1");
      default -> train(classFolders());
    };
    assertThat(outcome.code()).as(outcome.err()).isZero();
    Path run = folder.resolve("run");
    assertThat(run.toFile().list())
        .containsExactlyInAnyOrder("model.safetensors", "metrics.json", "history.csv", "report.html");
    assertThat(outcome.out()).contains("accuracy 0.", "precision", "spam", run + "/model.safetensors", run
        + "/report.html");
    assertThat(outcome.err())
        .contains("108 texts to train on, 12 to choose the best epoch, 0 to test", "kernels: ", "epoch 3/3  loss");
  }

  @Test
  void evaluateFindsWhatTheTrainingMeasured() throws IOException {
    Path test = Files.write(folder.resolve("test.tsv"), Cli.messages(400, 500));
    Outcome trained = train(tsv(), "--no-header", "--text", "2", "--label", "1", "--test", test.toString(),
        "--json");
    JsonObject there = trained.json();
    assertThat(there.integer("rows")).isEqualTo(100);
    assertThat(there.string("evaluated_on")).isEqualTo(test.toString());
    Outcome evaluated =
        Cli.run("evaluate", folder.resolve("run").toString(), "--data", test.toString(), "--json",
            "--threads", "1");
    JsonObject here = evaluated.json();
    for (String name : List.of("accuracy", "macro_f1", "loss", "rows", "classes", "confusion")) {
      assertThat(here.get(name)).as(name).isEqualTo(there.get(name));
    }
    Outcome text = Cli.run("evaluate", folder.resolve("run").toString(), "--data", test.toString());
    assertThat(text.out()).contains("on 100 texts of " + test).contains("ham ");
    assertThat(Files.readString(folder.resolve("run/metrics.json"))).contains("\"rows\" : 100");
  }

  @Test
  void predictsOneText() {
    Outcome outcome = Cli.run("predict", Cli.model().toString(), "--text", "Ok, see you at home");
    assertThat(outcome.out()).matches("ham\t0\\.\\d{4}\n");
    JsonObject json = Cli.run("predict", Cli.model().toString(), "--text", "", "--json").json();
    assertThat(json.object("probabilities").number("ham") + json.object("probabilities").number("spam"))
        .isBetween(0.9999, 1.0001);
  }

  @Test
  void predictsLinesAsTheyAre() {
    String lines = "Ok, see you at home\n\nFree prize, call 09061701461 now\nno line end";
    Outcome outcome = Cli.runWith(lines.getBytes(StandardCharsets.UTF_8), "predict", Cli.model().toString());
    assertThat(outcome.out().lines()).hasSize(4);
    assertThat(outcome.out().lines().findFirst().orElseThrow() + "\n")
        .isEqualTo(Cli.run("predict", Cli.model().toString(), "--text", "Ok, see you at home").out());
    Outcome json = Cli.runWith(lines.getBytes(StandardCharsets.UTF_8), "predict", Cli.model().toString(), "--json");
    assertThat(json.json().objects("predictions")).hasSize(4);
    assertThat(Cli.run("predict", Cli.model().toString()).out()).isEmpty();
  }

  @Test
  void predictsATableBesideItsColumns() throws IOException {
    Path data = Files.writeString(folder.resolve("new.csv"), "id,text,prediction\n1,\"hi, mum\",x\n2,,y\n");
    Path out = folder.resolve("out.tsv");
    Outcome outcome =
        Cli.run("predict", Cli.model().toString(), "--data", data.toString(), "--column", "text", "--out",
            out.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("1 empty text", "2 predictions in " + out);
    assertThat(Files.readAllLines(out).getFirst()).isEqualTo("id\ttext\tprediction\tprediction_2\tprobability");
    assertThat(Files.readAllLines(out).get(1)).matches("1\thi, mum\tx\tham\t0\\.\\d{4}");
    Outcome printed = Cli.run("predict", Cli.model().toString(), "--data", data.toString(), "--column", "text");
    assertThat(printed.out()).startsWith("id,text,prediction,prediction_2,probability\n1,\"hi, mum\",x,ham,0.");
    Outcome json = Cli.run(
        "predict", Cli.model().toString(), "--data", data.toString(), "--column", "text", "--out", out.toString(),
        "--json", "--force");
    assertThat(json.json().integer("rows")).isEqualTo(2);
  }

  @Test
  void predictsAHeaderlessTableAndAFolder() throws IOException {
    Outcome table = Cli.run("predict", Cli.model().toString(), "--data", tsv().toString());
    assertThat(table.out().lines()).hasSize(120);
    Outcome files = Cli.run("predict", Cli.model().toString(), "--data", classFolders().toString());
    assertThat(files.out().lines()).hasSize(121);
    assertThat(files.out()).startsWith("file,prediction,probability\n").contains("0.txt,");
  }

  @Test
  void summarizes() {
    Outcome outcome = Cli.run("summary", Cli.model().toString());
    assertThat(outcome.out())
        .contains("Bidirectional(LSTM(units=8))", "labels: ham, spam", "name: messages.tsv", "sha256: ",
            "units: 8");
    Path picture = folder.resolve("model.svg");
    assertThat(Cli.run("summary", Cli.model().toString(), "--svg", picture.toString()).code()).isZero();
    assertThat(picture).content().startsWith("<svg ").contains("Embedding(").endsWith("</svg>\n");
    assertThat(Cli.run("summary", Cli.model().toString(), "--equations").out())
        .contains("c' = sigmoid(", "  y = softmax(W x + b)\n");
    assertThat(Cli.run("summary", Cli.model().toString(), "--latex").out()).contains("\\begin{align*}", "c_t &= \\sigma");
    JsonObject json = Cli.run("summary", Cli.model().toString(), "--json").json();
    assertThat(json.strings("labels")).containsExactly("ham", "spam");
    JsonObject last = json.objects("layers").getLast();
    assertThat(last.string("name")).isEqualTo("dense");
    assertThat(last.strings("after")).hasSize(1);
    assertThat(last.string("output")).isEqualTo("[B,2]");
    assertThat(last.integer("parameters")).isEqualTo(48 * 2 + 2);
    assertThat(json.object("provenance").object("options").integer("units")).isEqualTo(8);
  }

  @Test
  void aRunIsReplacedWhenForced() throws IOException {
    Path data = tsv();
    String[] columns = {"--no-header", "--text", "2", "--label", "1"};
    train(data, columns);
    byte[] before = Files.readAllBytes(folder.resolve("run/model.safetensors"));
    assertThat(train(data, Cli.concat(columns, "--force")).code()).isZero();
    assertThat(folder.resolve("run/model.safetensors")).hasBinaryContent(before); // the same seed
    assertThat(train(data, Cli.concat(columns, "--force", "--seed", "2")).code()).isZero();
    assertThat(Files.readAllBytes(folder.resolve("run/model.safetensors"))).isNotEqualTo(before);
  }

  @Test
  void aTextOfFiveMillionCharactersIsAText() throws IOException {
    String text = "free prize now ".repeat(333_334);
    List<String> lines = new ArrayList<>(Cli.messages(0, 60));
    lines.add("spam\t" + text);
    Path data = Files.write(folder.resolve("long.tsv"), lines);
    Outcome trained = train(data, "--no-header", "--text", "2", "--label", "1", "--keep", "both",
        "--validation", "0");
    assertThat(trained.code()).as(trained.err()).isZero();
    Outcome labelled =
        Cli.runWith((text + "\nhello\n").getBytes(StandardCharsets.UTF_8), "predict",
            folder.resolve("run").toString());
    assertThat(labelled.out().lines()).hasSize(2);
  }

  @Test
  void emptyTextsAreKeptAndTold() throws IOException {
    List<String> lines = new ArrayList<>(Cli.messages(0, 60));
    lines.add("spam\t");
    lines.add("ham\t  ");
    Path data = Files.write(folder.resolve("gaps.tsv"), lines);
    Outcome outcome = train(data, "--no-header", "--text", "2", "--label", "1");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("note: " + data + ": 2 empty texts, kept as a sequence without steps");
  }

  @Test
  void everyCommandHelpsWithDefaultRangeAndExample() {
    String[][] commands = {
      {"quickstart"}, {"train", "text-classifier"}, {"evaluate"}, {"predict"}, {"summary"},
      {"cell", "check"}, {"cell", "latex"}, {"cell", "show"}, {"cell", "list"}
    };
    for (String[] command : commands) {
      Outcome outcome = Cli.run(Cli.concat(command, "--help"));
      assertThat(outcome.code()).isZero();
      String flat = outcome.out().replaceAll("\\s+", " ");
      for (String option : flat.split(" (?=--[a-z-]+[=\\[ ])", -1)) {
        if (option.startsWith("--") && option.matches("--[a-z-]+=.*")) {
          assertThat(option).as(String.join(" ", command)).containsPattern("(Example|Default)");
        }
      }
    }
    String train = Cli.run("train", "text-classifier", "--help").out().replaceAll("\\s+", " ");
    assertThat(train)
        .contains("--units=N the units of an LSTM layer, in each direction. Default: 64. Range: a whole number from 1 to"
            + " 4096. Example: --units 128");
    assertThat(Cli.run().out()).contains("quickstart", "train", "evaluate", "predict", "summary");
    assertThat(Cli.run("--version").out()).matches("carousel \\d+\\.\\d+\\.\\d+\n");
  }
}
