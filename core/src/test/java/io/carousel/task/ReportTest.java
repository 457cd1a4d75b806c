package io.carousel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.train.ClassificationMetrics;
import io.carousel.train.EpochInfo;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {
  private static final List<String> HOSTILE =
      List.of(
          "<script>alert(1)</script><img src=x onerror=alert(2)> & \"double\" 'single'"
              + " </p></li></body>",
          "]]> <!-- comment --> &amp; &#x3c; \u202E turned \u2066 and isolated",
          "هذا نص عربي",
          "\uD800 half a pair, \u0000\u0007\u001B controls, \uFFFF \u0085 \u200B",
          "",
          " \n\t ",
          "one\r\ntwo\rthree\nfour {} ${x} %s %n \\");

  @TempDir Path folder;

  /** The page is well-formed XML too, which holds every text to its place. */
  @ParameterizedTest
  @CsvSource({
    "2, 300, 5",
    "2, 1, 1",
    "3, 40, 0",
    "7, 500, 2",
    "20, 800, 12",
    "21, 800, 31",
    "100, 2000, 3",
    "150, 2000, 3"
  })
  void isAWholePageOfKnownElements(int classes, int rows, int epochs) throws Exception {
    List<String> names = new ArrayList<>(ReportSamples.names(classes, "<i>\"class\" & '"));
    names.set(0, "");
    names.set(1, "\u202Eקטגוריה " + "long ".repeat(200));
    String html =
        Report.html(
            ReportSamples.of(
                HOSTILE.get(0) + HOSTILE.get(1),
                names,
                ReportSamples.equal(classes),
                rows,
                epochs,
                1,
                HOSTILE));
    Document page = parse(html);
    assertThat(elements(page))
        .isSubsetOf(
            "html", "head", "meta", "title", "style", "body", "main", "header", "section", "div",
            "p", "h1", "h2", "h3", "b", "bdi", "small", "span", "ol", "li", "dl", "dt", "dd", "pre",
            "details", "summary", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "svg",
            "line", "rect", "circle", "path", "text");
    assertThat(html).doesNotContain("NaN", "Infinity", "null", "\u0000");
    assertThat(attributes(page))
        .isSubsetOf(
            "lang",
            "charset",
            "http-equiv",
            "content",
            "name",
            "class",
            "style",
            "title",
            "dir",
            "role",
            "aria-label",
            "scope",
            "viewBox",
            "x",
            "y",
            "x1",
            "x2",
            "y1",
            "y2",
            "cx",
            "cy",
            "r",
            "d",
            "width",
            "height",
            "transform",
            "fill-opacity");
    assertThat(html).doesNotContainPattern("(?i)url\\(|@import|https?:");
    assertThat(html)
        .doesNotContainPattern(
            "<(rect|circle|line|text)[^>]* (x|y|r|cx|cy|width|height)=\"[^\"]*[^0-9.\"-]");
  }

  @Test
  void showsTextsAsTheyAre() throws Exception {
    ReportData data =
        ReportSamples.of("run", List.of("a", "b"), ReportSamples.equal(2), 200, 2, 0, HOSTILE);
    List<String> shown = new ArrayList<>();
    NodeList paragraphs = parse(Report.html(data)).getElementsByTagName("p");
    for (int i = 0; i < paragraphs.getLength(); i++) {
      if (((Element) paragraphs.item(i)).getAttribute("class").startsWith("text")) {
        shown.add(paragraphs.item(i).getTextContent());
      }
    }
    assertThat(shown)
        .contains(
            HOSTILE.get(0),
            HOSTILE.get(1),
            HOSTILE.get(2),
            "(no text)",
            "one\ntwo\nthree\nfour {} ${x} %s %n \\",
            "\uFFFD half a pair, \uFFFD\uFFFD\uFFFD controls, \uFFFD \uFFFD \u200B");
    assertThat(shown).hasSize(data.errors().size());
  }

  @Test
  void aHugeTextDoesNotMakeAHugePage() throws Exception {
    String huge = "word 😀 ".repeat(1_000_000);
    String html =
        Report.html(
            ReportSamples.of(
                "run", List.of("a", "b"), ReportSamples.equal(2), 50, 1, 0, List.of(huge)));
    assertThat(html.length()).isLessThan(250_000);
    assertThat(html).contains("7,999,680 more characters", "7,996,000 more are not in this page");
    parse(html);
  }

  @Test
  void namesTheMainFigures() {
    float[][] probabilities = {{0.75f, 0.25f}, {0.5f, 0.5f}, {0.25f, 0.75f}, {0.875f, 0.125f}};
    int[] labels = {0, 1, 1, 1};
    ReportData data = data(probabilities, labels, List.of());
    String html = Report.html(data);
    assertThat(html)
        .contains(
            "Right in <b>2</b> of <b>4 texts</b>",
            "Always answering “<bdi>spam</bdi>” would be right in 3",
            "<div class=\"value\">50.0%</div>",
            "<div class=\"value\">0.500</div>",
            "it finds <b>1</b> and misses <b>2</b>");
    assertThat(html).doesNotContain("Learning curves");
    assertThat(html.indexOf("sure and wrong"))
        .isPositive()
        .isLessThan(html.indexOf("torn and wrong"));
  }

  @Test
  void aModelWithoutErrorsSaysSo() {
    String html = Report.html(data(new float[][] {{1, 0}, {0, 1}}, new int[] {0, 1}, List.of()));
    assertThat(html)
        .contains("None: every text was classified right.", "<div class=\"value\">100%</div>");
  }

  @Test
  void survivesEpochsWithoutValidationAndWithoutNumbers() throws Exception {
    double nan = Double.NaN;
    List<EpochInfo> epochs =
        List.of(
            new EpochInfo(1, 3, 0.5, 0.7, nan, nan, 1, true),
            new EpochInfo(2, 3, nan, nan, nan, nan, 1, false),
            new EpochInfo(3, 3, Double.POSITIVE_INFINITY, 0.7, nan, nan, 1, false));
    String html = Report.html(data(new float[][] {{1, 0}, {1, 0}}, new int[] {0, 1}, epochs));
    parse(html);
    assertThat(html)
        .contains("Learning curves", "training")
        .doesNotContain("NaN", "Infinity", ">validation<");
  }

  @Test
  void theSameDataGivesTheSameBytesInEveryLanguage() throws Exception {
    ReportData data =
        ReportSamples.of("run", List.of("a", "b"), ReportSamples.equal(2), 90, 3, 1, HOSTILE);
    Path file = folder.resolve("report.html");
    Report.write(file, data);
    byte[] bytes = Files.readAllBytes(file);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      Report.write(file, data);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void confidentErrorsAreTheSurestFirst() {
    float[][] p = {{0.9f, 0.1f}, {0.6f, 0.4f}, {0.9f, 0.1f}, {0.2f, 0.8f}};
    List<ReportData.ConfidentError> errors =
        ReportData.confidentErrors(List.of("a", "b", "c", "d"), p, new int[] {1, 1, 1, 1}, 2);
    assertThat(errors)
        .containsExactly(
            new ReportData.ConfidentError("a", 1, 0, 0.9f, 0.1f),
            new ReportData.ConfidentError("c", 1, 0, 0.9f, 0.1f));
  }

  @Test
  void refusesNamesThatDoNotFit() {
    ClassificationMetrics metrics = ClassificationMetrics.of(new float[][] {{1, 0}}, new int[1]);
    assertThatThrownBy(() ->
            new ReportData(
                "",
                "",
                List.of("one"),
                metrics,
                List.of(),
                List.of(),
                "",
                new LinkedHashMap<>(),
                new LinkedHashMap<>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each of the 2 classes, got 1");
  }

  private static ReportData data(float[][] probabilities, int[] labels, List<EpochInfo> epochs) {
    List<String> texts =
        List.of("right", "torn and wrong", "right", "sure and wrong").subList(0, labels.length);
    return new ReportData(
        "run",
        "test.tsv",
        List.of("ham", "spam"),
        ClassificationMetrics.of(probabilities, labels),
        epochs,
        ReportData.confidentErrors(texts, probabilities, labels, 10),
        "",
        new LinkedHashMap<>(),
        new LinkedHashMap<>());
  }

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static Set<String> attributes(Document page) {
    Set<String> names = new TreeSet<>();
    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      for (int j = 0; j < all.item(i).getAttributes().getLength(); j++) {
        names.add(all.item(i).getAttributes().item(j).getNodeName());
      }
    }
    return names;
  }

  private static Set<String> elements(Document page) {
    Set<String> names = new TreeSet<>();
    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      names.add(all.item(i).getNodeName());
    }
    return names;
  }
}
