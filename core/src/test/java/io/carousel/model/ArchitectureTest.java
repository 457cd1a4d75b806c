package io.carousel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
import io.carousel.cell.ConvLstmCell;
import io.carousel.cell.CoupledLstmCell;
import io.carousel.cell.DepthwiseConvLstmCell;
import io.carousel.cell.DropConnectCell;
import io.carousel.cell.DropoutCell;
import io.carousel.cell.GruCell;
import io.carousel.cell.LayerNormLstmCell;
import io.carousel.cell.LstmCell;
import io.carousel.cell.LstmOptions;
import io.carousel.cell.PeepholeLstmCell;
import io.carousel.cell.RnnCell;
import io.carousel.cell.ZoneoutCell;
import io.carousel.expr.Expr;
import io.carousel.expr.Printer;
import io.carousel.expr.Scans;
import io.carousel.layer.Activate;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Conv;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.GlobalPooling;
import io.carousel.layer.Gru;
import io.carousel.layer.Lstm;
import io.carousel.layer.Pooling;
import io.carousel.layer.Recurrent;
import io.carousel.layer.Reshape;
import io.carousel.layer.Shortcut;
import io.carousel.layer.TimeDistributed;
import io.carousel.layer.WindowPooling;
import io.carousel.notation.CellText;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class ArchitectureTest {
  static List<Model> models() {
    return List.of(
        Model.sequential(
            new Embedding(50, 8).frozen(), Dropout.spatial(0.25),
            new Bidirectional(new Lstm(4)).returnSequences(),
            new Pooling(Pooling.Kind.LAST, Pooling.Kind.MEAN, Pooling.Kind.MAX), new Dropout(0.5),
            new Dense(3, Activation.SOFTMAX)),
        Model.sequential(Input.sequence(7), new Lstm(5, true, true), new Activate(Activation.RELU),
            new Shortcut(new Lstm(4).returnSequences()), new Lstm(2),
            new Dense(1)),
        Model.sequential(Input.sequence(3), new Gru(2, false, true, true),
            new Bidirectional(Recurrent.of(new GruCell(3)).returnSequences()),
            Recurrent.of(new LstmCell(2)).returnSequences(),
            Recurrent.of(new CoupledLstmCell(2)).with(true, true),
            Recurrent.of(new PeepholeLstmCell(2)).returnSequences(),
            Recurrent.of(new LayerNormLstmCell(2)).returnSequences(),
            new Lstm(2).returnSequences().recurrentDropout(0.25),
            Recurrent.of(new DropoutCell(new GruCell(2), 0.5, DropoutCell.Of.CANDIDATE)).with(true, true),
            Recurrent.of(new RnnCell(3, Activation.RELU))),
        Model.sequential(Input.sequence(3),
            new Lstm(2).activation(Activation.SOFTSIGN).recurrentActivation(Activation.HARD_SIGMOID).clip(3)
                .forgetBias(2).returnSequences(),
            Recurrent.of(new LstmCell(2, LstmOptions.STANDARD.withoutBias())).returnSequences(),
            Recurrent.of(new PeepholeLstmCell(2, LstmOptions.STANDARD.clip(0.5))).returnSequences(),
            Recurrent.of(new CoupledLstmCell(2, LstmOptions.STANDARD.forgetBias(0))).returnSequences(),
            new Gru(2).resetBefore().activation(Activation.RELU).clip(4).withoutBias().returnSequences(),
            new Gru(2).recurrentActivation(Activation.HARD_SIGMOID_ONNX).returnSequences(),
            Recurrent.of(RnnCell.irnn(2).clip(5).withoutBias()).returnSequences(),
            Recurrent.of(
                ZoneoutCell.of(
                    new DropoutCell(
                        new DropConnectCell(new LstmCell(3), 0.25), 0.5, DropoutCell.Of.STATE), 0.0, 0.125))),
        Model.sequential(Input.sequence(4, 3, 2), new Dense(2), Reshape.flatten(), new Lstm(3)),
        Model.sequential(Input.sequence(6), Conv.over(4, 3).causal().dilation(2).activation(Activation.RELU),
            Conv.over(2, 3).stride(2).depthwise(), Conv.over(5, 2).valid().separable(), WindowPooling.max(2),
            WindowPooling.mean(3).stride(2).same(), new Lstm(3)),
        Model.sequential(Input.sequence(6, 5, 2), Recurrent.of(ConvLstmCell.of(3, 3, 2)).returnSequences(),
            Recurrent.of(DepthwiseConvLstmCell.of(3, 3, 3).withoutMixing()).with(true, true),
            Recurrent.of(ConvLstmCell.of(2, 2, 2).withPeepholes()).returnSequences(),
            Recurrent.of(DepthwiseConvLstmCell.of(2, 3, 3))),
        Model.sequential(Input.sequence(6, 5), new TimeDistributed(new Bidirectional(new Lstm(3))),
            new TimeDistributed(new Dense(2))),
        Model.sequential(Input.vector(6, 5, 2), Conv.over(4, 3, 2), WindowPooling.max(2, 2), new GlobalPooling(true)),
        Model.sequential(Input.vector(6, 4), Reshape.to(8, 3), Reshape.flatten(), new Dense(1)),
        Model.sequential(Input.vector(3), new Dense(2, Activation.TANH), new Dense(1, Activation.SIGMOID)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelComesBackFromItsText(Model model) {
    JsonMapper json = JsonMapper.builder().build();
    String text = json.writeValueAsString(Architecture.describe(model));
    @SuppressWarnings("unchecked")
    Map<String, Object> read = json.readValue(text, Map.class);
    Model back = Architecture.model(read);
    assertThat(back.layers()).isEqualTo(model.layers());
    assertThat(back.input()).isEqualTo(model.input());
    assertThat(back.slots()).isEqualTo(model.slots());
    assertThat(Printer.print(List.of(back.inference()))).isEqualTo(Printer.print(List.of(model.inference())));
    assertThat(Printer.print(List.of(back.training()))).isEqualTo(Printer.print(List.of(model.training())));
    assertThat(json.writeValueAsString(Architecture.describe(back))).isEqualTo(text);
  }

  @Test
  void whatIsNotKnownIsRefused() {
    refused("the layer \"reservoir\" is unknown", layers(Map.of("layer", "reservoir", "units", 3)));
    refused("the cell \"reservoir\" is unknown",
        layers(Map.of("layer", "recurrent", "of", Map.of("cell", "reservoir", "units", 3))));
    refused("[activation] in of is unknown",
        layers(Map.of(
            "layer", "recurrent", "of", Map.of("cell", "coupled_lstm", "units", 3, "activation", "tanh"))));
    refused("\"rates\" must be a list of numbers, got half",
        layers(Map.of(
            "layer", "recurrent",
            "of", Map.of("cell", "zoneout", "rates", List.of("half"), "of", Map.of("cell", "mgu", "units", 3)))));
    refused("[peepholes] in layers is unknown",
        layers(Map.of("layer", "lstm", "units", 3, "sequences", false, "reverse", false, "peepholes", true)));
    refused("the activation \"swish\" is unknown",
        layers(Map.of("layer", "activation", "activation", "swish")));
    refused("pooling must be of last, mean, max, got [last, median]",
        layers(Map.of("layer", "pooling", "kinds", List.of("last", "median"))));
    refused("\"units\" in layers must be a number, got null",
        layers(Map.of("layer", "dense", "activation", "relu")));
    refused("\"units\" in layers must be a whole number, got 2.5",
        layers(Map.of("layer", "dense", "units", 2.5, "activation", "relu")));
    refused("\"model\" in model is \"forest\"", Map.of("model", "forest"));
    refused("\"layers\" in model must be a list, got null",
        Map.of("model", "sequential", "input", Map.of("kind", "tokens")));
    refused("\"kind\" in input is \"image\"",
        Map.of("model", "sequential", "input", Map.of("kind", "image")));
  }

  @Test
  void aCellsTextAndItsSizesAreRead() {
    String text = "cell A(H, K = 2)\nstate h[H]\nh' = tanh(W x + U h)";
    Map<String, Object> cell = Map.of("cell", "text", "text", text, "sizes", Map.of("H", 3, "K", 2));
    Map<String, Object> layer = Map.of("layer", "recurrent", "of", cell, "sequences", false, "reverse", false);
    assertThat(Architecture.model(layers(layer)).layers())
        .containsExactly(Recurrent.of(CellText.parse(text).cell(3)));
    refused("\"K\" in sizes must be a number, got null",
        layers(with(layer, "of", with(cell, "sizes", Map.of("H", 3)))));
    refused("[L] in sizes is unknown",
        layers(with(layer, "of", with(cell, "sizes", Map.of("H", 3, "K", 2, "L", 1)))));
    refused("line 3, column 17: h' uses g, which is not defined",
        layers(with(layer, "of", with(cell, "text", text.replace("U h", "g")))));
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    Map<String, Object> changed = new java.util.HashMap<>(map);
    changed.put(key, value);
    return changed;
  }

  @Test
  void cellsOfOnesOwnHaveNoDescription() {
    Model model = Model.sequential(Input.sequence(2), Recurrent.of(new Last(3)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.describe(model))
        .withMessageContaining(
            "Recurrent(Last[units=3]): only the library's own layers and cells can be described");
  }

  /** A cell that repeats a weighted input. */
  private record Last(int units) implements Cell {
    @Override
    public List<Expr> initials() {
      return List.of(Expr.full(0, Shape.of(Shape.B, units)));
    }

    @Override
    public Step declare(Shape input, Scope scope) {
      Expr w = scope.parameter("W", Shape.of(input.size(-1), units), Initializers.glorotUniform());
      return (current, states) -> {
        Expr h = current.getFirst().matmul(w);
        return new Scans.Step(List.of(h), List.of(h));
      };
    }
  }

  private static Map<String, Object> layers(Map<String, Object> layer) {
    return Map.of(
        "model", "sequential", "input", Map.of("kind", "sequence", "features", 4), "layers", List.of(layer));
  }

  private static void refused(String message, Map<String, Object> tree) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.model(tree))
        .withMessageContaining(message);
  }
}
