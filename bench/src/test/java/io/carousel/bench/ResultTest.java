package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.store.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
  private static final double WORK = 2e9;
  private static final double LIMIT = 500;

  /** Median 8 and smallest 5, beside median 16 and smallest 20/3. */
  private static final Row BESIDE =
      new Row(Suite.TRAIN, "S1", new Times(8, 5, 11), "pytorch", new Times(16, 20 / 3.0, 17), WORK, LIMIT, Double.NaN);

  private static final Row ALONE = new Row(Suite.TRAIN, "M1", new Times(1, 3), null, null, WORK, LIMIT, Double.NaN);

  private static final Row MEMORY =
      new Row(Suite.MEMORY, "M2", new Times(100), "pytorch", new Times(400), WORK, LIMIT, Double.NaN);

  private static Result result(String... peers) {
    Result result = new Result("vector 512 bit", 2, new Limits(LIMIT, 40), 0.5);
    for (String peer : peers) {
      assertThat(result.addPeer(peer, "2.0, of " + peer)).isTrue();
      assertThat(result.addPeer(peer, "2.0, of " + peer)).as("known").isFalse();
    }
    return result;
  }

  @Test
  void aRowComputesFromTheMedian() {
    assertThat(BESIDE.ratio()).isEqualTo(0.5);
    assertThat(BESIDE.ratioOfSmallest()).isCloseTo(0.75, within(1e-12));
    assertThat(BESIDE.gflops()).as("2·10⁹ in 8 ms").isCloseTo(250, within(1e-9));
    assertThat(BESIDE.limitShare()).isCloseTo(0.5, within(1e-12));
    assertThat(ALONE.ratio()).isNaN();
    assertThat(ALONE.gflops()).isCloseTo(1000, within(1e-9));
  }

  @Test
  void theRowOfAFile() {
    assertThat(BESIDE.json())
        .isEqualTo(
            JsonObject.parse(
                """
                {"suite": "train", "shape": "S1", "ms": 8.0, "ms_min": 5.0, "count": 3, "peer": "pytorch",
                 "peer_ms": 16.0, "peer_ms_min": 6.667, "ratio": 0.5, "ratio_min": 0.75, "gflop": 2.0, "gflops": 250.0,
                 "limit_share": 0.5}
                """, "test"));
    JsonObject alone = ALONE.json();
    assertThat(alone.names()).isEqualTo(BESIDE.json().names());
    assertThat(List.of("peer", "peer_ms", "peer_ms_min", "ratio", "ratio_min"))
        .allSatisfy(name -> assertThat(alone.get(name)).isNull());
  }

  @Test
  void aFileBeginsWithWhereAndWithWhat() {
    Result result = result("pytorch");
    result.add(BESIDE);
    JsonObject json = JsonObject.parse(result.json("2026-01-02T03:04:05Z").toPrettyString(), "test");
    assertThat(json.names()).containsExactly("head", "rows");
    JsonObject head = json.object("head");
    assertThat(head.names())
        .containsExactly(
            "suites", "time", "commit", "cpu", "cores", "system", "jdk", "flags", "load_before", "kernels",
            "threads", "limit_gflops", "memory_gb_s", "peers", "mean_ratio");
    assertThat(head.string("cpu")).isNotBlank();
    assertThat(head.string("commit")).isNotBlank();
    assertThat(head.string("jdk")).startsWith(Runtime.version().toString());
    assertThat(head.strings("flags")).contains("--add-modules=jdk.incubator.vector");
    assertThat(head.number("limit_gflops")).isEqualTo(LIMIT);
    assertThat(head.object("peers").string("pytorch")).isEqualTo("2.0, of pytorch");
    assertThat(head.object("mean_ratio").object("train").number("pytorch")).isEqualTo(0.5);
    assertThat(json.objects("rows")).containsExactly(BESIDE.json());
  }

  @Test
  void theMeanIsOverTheRowsOfOnePeer() {
    Result result = result("pytorch", "other");
    result.add(BESIDE);
    result.add(new Row(Suite.TRAIN, "S2", new Times(4), "pytorch", new Times(2), WORK, LIMIT, Double.NaN));
    result.add(new Row(Suite.TRAIN, "S2", new Times(4), "other", new Times(1), WORK, LIMIT, Double.NaN));
    result.add(ALONE);
    assertThat(result.meanRatio(Suite.TRAIN, "pytorch")).isCloseTo(1, within(1e-12));
    assertThat(result.meanRatio(Suite.TRAIN, "other")).isEqualTo(4);
    assertThat(result.meanRatio(Suite.TRAIN, "nobody")).isNaN();
  }

  @Test
  void theMeanIsOfOneSuite() {
    Result result = result("pytorch");
    result.add(BESIDE);
    assertThat(result.meanRatio(Suite.MEMORY, "pytorch")).isNaN();
    result.add(MEMORY);
    assertThat(result.meanRatio(Suite.TRAIN, "pytorch")).isEqualTo(0.5);
    assertThat(result.meanRatio(Suite.MEMORY, "pytorch")).isEqualTo(0.25);
    assertThat(result.json("now").object("head").strings("suites")).containsExactly("train", "memory");
  }

  @Test
  void aRowOfMemoryHasNoSpeed() {
    assertThat(MEMORY.json())
        .isEqualTo(
            JsonObject.parse(
                """
                {"suite": "memory", "shape": "M2", "mb": 100.0, "mb_min": 100.0, "count": 1, "peer": "pytorch",
                 "peer_mb": 400.0, "peer_mb_min": 400.0, "ratio": 0.25, "ratio_min": 0.25}
                """, "test"));
  }
}
