package io.carousel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {

  @Test
  void keepsOrderAndTypesOnTheWayToTextAndBack() {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("z", 1);
    inner.put("a", true);
    JsonObject json =
        new JsonObject()
            .put("seed", Long.MIN_VALUE)
            .put("units", 64)
            .put("rate", 0.1f)
            .put("nothing", null)
            .put("text", "quotes \" \\ \u0000 \n ü 😀 </script>")
            .put("sizes", new int[] {2, 0, 3})
            .put("weights", new double[] {1e-300, -0.5})
            .put("inner", inner)
            .put("mixed", Arrays.asList("a", 1, null, List.of(false)));
    JsonObject back = JsonObject.parse(json.toString(), "test");
    assertThat(back).isEqualTo(json);
    assertThat(JsonObject.parse(json.toPrettyString(), "test")).isEqualTo(json);
    assertThat(back.names())
        .containsExactly(
            "seed", "units", "rate", "nothing", "text", "sizes", "weights", "inner", "mixed");
    assertThat(back.longInteger("seed")).isEqualTo(Long.MIN_VALUE);
    assertThat((float) back.number("rate")).isEqualTo(0.1f);
    assertThat(back.number("rate")).isEqualTo(0.1);
    assertThat(back.integers("sizes")).containsExactly(2, 0, 3);
    assertThat(back.numbers("weights")).containsExactly(1e-300, -0.5);
    assertThat(back.object("inner").names()).containsExactly("z", "a");
    assertThat(back.string("text")).isEqualTo("quotes \" \\ \u0000 \n ü 😀 </script>");
  }

  @Test
  void prettyTextHasALinePerValueAndListsOnOne() {
    String text =
        new JsonObject()
            .put("a", new JsonObject().put("b", new int[] {1, 2}))
            .put("c", 0.5)
            .toPrettyString();
    assertThat(text.lines())
        .containsExactly("{", "  \"a\" : {", "    \"b\" : [ 1, 2 ]", "  },", "  \"c\" : 0.5", "}");
  }

  @Test
  void sayWhatIsWrongAndWhere() {
    JsonObject json =
        JsonObject.parse(
            "{\"task\":{\"classes\":[1],\"units\":4294967296,\"x\":\"a\\nb\"}}", "m: manifest");
    assertThatThrownBy(() -> json.object("task").strings("classes"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("m: manifest, task: \"classes\" must be a list of texts, got a list");
    assertThatThrownBy(() -> json.object("task").integer("units"))
        .hasMessage(
            "m: manifest, task: \"units\" must be a whole number of 32 bits, got 4294967296");
    assertThatThrownBy(() -> json.object("task").bool("x"))
        .hasMessage("m: manifest, task: \"x\" must be true or false, got \"a b\"");
    assertThatThrownBy(() -> json.string("absent"))
        .hasMessage("m: manifest: \"absent\" must be a text, got nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "null",
        "{",
        "{}}",
        "{} {}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":1e999}",
        "{\"a\":99999999999999999999}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":[1,2}",
        "{\"a\":\"",
        "{\"a\":tru}"
      })
  void refusesWhatIsNotOneObject(String text) {
    assertThatThrownBy(() -> JsonObject.parse(text, "file"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("file: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesDeepNestingInsteadOfOverflowingTheStack() {
    assertThatThrownBy(() -> JsonObject.parse("{\"a\":" + "[".repeat(100_000), "file"))
        .isInstanceOf(ModelFormatException.class);
  }

  @Test
  void refusesValuesThatJsonCannotHold() {
    assertThatThrownBy(() -> new JsonObject().put("loss", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"loss\" must be finite, got NaN");
    assertThatThrownBy(
            () -> new JsonObject().put("losses", new float[] {1, Float.POSITIVE_INFINITY}))
        .hasMessageContaining("\"losses\" must be finite");
    assertThatThrownBy(() -> new JsonObject().put("when", new Object()))
        .hasMessageContaining("java.lang.Object");
  }
}
