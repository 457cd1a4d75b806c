package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class HistoryTest {
  private static final History HISTORY =
      new History(
          List.of(
              new EpochInfo(1, 3, 0.7, 0.5, 0.6, 0.55, 1.5, true),
              new EpochInfo(2, 3, 0.5, 0.75, 0.4, 0.8, 1.25, true),
              new EpochInfo(3, 3, 0.3, 0.9, 0.45, 0.8, 1, false)),
          History.End.FINISHED);

  @Test
  void theBestEpochIsTheLastThatWas() {
    assertThat(HISTORY.best().epoch()).isEqualTo(2);
  }

  @Test
  void aTableWithALineAnEpoch() {
    assertThat(HISTORY.csv())
        .isEqualTo(
            """
            epoch,loss,accuracy,val_loss,val_accuracy,seconds,best
            1,0.700000,0.500000,0.600000,0.550000,1.500,1
            2,0.500000,0.750000,0.400000,0.800000,1.250,1
            3,0.300000,0.900000,0.450000,0.800000,1.000,0
            """);
    History values =
        new History(
            List.of(new EpochInfo(1, 1, 2, Double.NaN, Double.NaN, Double.NaN, 1, true)),
                History.End.FINISHED);
    assertThat(values.csv()).endsWith("1,2.000000,,,,1.000,1\n");
  }

  @Test
  void aPlotIsAPictureWithALineAFigure(@TempDir Path folder) throws Exception {
    assertThat(lines(folder, HISTORY)).isEqualTo(4);
    assertThat(read(folder.resolve("history.svg"))).as("round numbers at the axes").contains(">0.5<",
        ">0.7<");
    assertThat(
            lines(
                folder,
                new History(
                    List.of(new EpochInfo(1, 1, 2, Double.NaN, Double.NaN, Double.NaN, 1, true)),
                    History.End.FINISHED)))
        .isEqualTo(1);
    assertThat(lines(folder, new History(List.of(), History.End.STOPPED))).isZero();
  }

  private static int lines(Path folder, History history) throws Exception {
    Path file = folder.resolve("history.svg");
    history.plot(file);
    assertThat(read(file)).startsWith("<svg").doesNotContain("NaN").doesNotContain("Infinity");
    Document picture = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    return picture.getElementsByTagName("polyline").getLength();
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
