package io.carousel.compile;

import io.carousel.kernel.Kernels;
import io.carousel.kernel.Panels;
import io.carousel.kernel.Team;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Runs a program: owns the workspace and knows the arrays of inputs, parameters and outputs.
 *
 * <p>Arrays are used where they are, without a copy. The workspace is laid out by lifetime for each
 * new pair of B and T and grows when it must; otherwise a run allocates nothing. Not safe for two
 * threads at once.
 */
public final class Runner {
  /** Steps that cost less are not worth a barrier: some microseconds. */
  static final long SMALL = 8192;

  private final Program program;
  private final Team team;
  private final long small;
  private final Kernels kernels;
  private final List<Step> prepare = new ArrayList<>();
  private final List<Step> main = new ArrayList<>();
  private final Step.Moment[] moments;
  /** Where numbers lie that the caller owns. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
  private record Given(float[] array, int offset) {}

  private final Map<String, Given> arrays = new HashMap<>();
  private final Set<String> parameters = new HashSet<>();
  private final Map<String, int[]> ints = new HashMap<>();
  private final Map<Buffer, int[]> intWork = new HashMap<>();
  private final Map<Stage.Packed, Integer> panels = new IdentityHashMap<>();
  private final float[] fixed; // prepared buffers and packed matrices
  private final int[] places; // by buffer number
  private float[] workspace = {};
  /** Arrays of outputs that the caller gave no place. */
  private final Set<float[]> owned = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean laidOut;
  private boolean bound;
  private boolean stale = true;
  private int batch = -1;
  private int time = -1;
  private long key;

  /** {@code small}: steps that cost less are left to one thread. */
  Runner(Program program, Team team, long small) {
    this.program = program;
    this.team = team;
    this.small = small;
    this.kernels = program.kernels();
    moments = new Step.Moment[team.threads()];
    for (int i = 0; i < moments.length; i++) {
      moments[i] = new Step.Moment(i);
    }
    int size = 0;
    places = new int[program.plan().buffers().size()];
    for (Buffer buffer : program.plan().buffers()) {
      if (buffer.kind() == Buffer.Kind.PARAMETER) {
        parameters.add(buffer.name());
      }
      if (buffer.kind() == Buffer.Kind.PREPARED) {
        places[buffer.number()] = size;
        size += Layout.aligned(buffer.size().number());
      }
    }
    for (Stage stage : program.plan().stages()) {
      if (stage instanceof Stage.Pack pack) {
        panels.put(pack.packed(), size);
        int width = Tile.product(pack.packed().columns(), kernels).panel();
        size += Layout.aligned(Panels.count(pack.packed().columns(), width) * width * pack.packed().depth());
      }
      (isPrepared(stage) ? prepare : main).add(step(stage, false));
    }
    fixed = new float[size + Layout.ALIGN];
  }

  private static boolean isPrepared(Stage stage) {
    if (stage instanceof Stage.Pack pack) {
      return pack.packed().isPrepared();
    }
    return !(stage instanceof Stage.Loop)
        && stage.views().stream()
            .allMatch(
                v -> v.buffer().kind() == Buffer.Kind.PREPARED || v.buffer().kind() == Buffer.Kind.PARAMETER);
  }

  /** The step for each kind of stage. */
  private Step step(Stage stage, boolean inLoop) {
    return Timed.of(stage, plainStep(stage, inLoop));
  }

  private Step plainStep(Stage stage, boolean inLoop) {
    return switch (stage) {
      case Stage.Elementwise s -> new MapStep(s, inLoop, kernels);
      case Stage.Product s -> new ProductSteps.Product(s, inLoop, kernels);
      case Stage.Pack s -> new ProductSteps.Pack(s, kernels);
      case Stage.Contract s -> new ProductSteps.Contract(s, kernels);
      case Stage.BatchProduct s -> new BatchProduct(s, inLoop, kernels);
      case Stage.Gather s -> new RowSteps.Gather(s);
      case Stage.ScatterAdd s -> new RowSteps.ScatterAdd(s);
      case Stage.Pick s -> new RowSteps.Pick(s);
      case Stage.Sum s -> new ReductionSteps.Sum(s, kernels);
      case Stage.Max s -> new ReductionSteps.Max(s, kernels);
      case Stage.Softmax s -> new ReductionSteps.RowFunction(s.in(), s.out(), true, inLoop, kernels);
      case Stage.LogSumExp s -> new ReductionSteps.RowFunction(s.in(), s.out(), false, inLoop, kernels);
      case Stage.Copy s -> new RowSteps.Copy(s);
      case Stage.Flip s -> new RowSteps.Flip(s);
      case Stage.Fill s -> new RowSteps.Fill(s);
      case Stage.Random s -> new RowSteps.Random(s);
      case Stage.Index s -> new RowSteps.Index(s);
      case Stage.Cast s -> new RowSteps.Cast(s);
      case Stage.Steps s -> new RowSteps.Steps(s);
      case Stage.Loop s -> new LoopStep(s, s.body().stream().map(inner -> step(inner, !s.alone())).toList());
    };
  }

  /** Gives an input its array, dense in the input's shape; used until another is given. */
  public Runner set(String input, float[] values) {
    return set(input, values, 0);
  }

  /** Gives a parameter or an input its place in an array. */
  @SuppressWarnings("ReferenceEquality") // an equal array is not the same place
  public Runner set(String name, float[] array, int offset) {
    Given before = arrays.put(name, new Given(array, offset));
    if (before == null || before.array != array || before.offset != offset) {
      bound = false;
      stale |= parameters.contains(name);
    }
    return this;
  }

  /** Gives an input of whole numbers its array. */
  @SuppressWarnings("ReferenceEquality") // an equal array is not the same place
  public Runner set(String input, int[] values) {
    if (ints.put(input, values) != values) {
      bound = false;
    }
    return this;
  }

  /** Says where output {@code number} shall be written. */
  public Runner bind(int number, float[] array, int offset) {
    return set("out " + number, array, offset);
  }

  /** Says that parameters have changed, so that what depends on them alone is computed anew. */
  public Runner parametersChanged() {
    stale = true;
    return this;
  }

  /**
   * Computes all outputs.
   *
   * @param batch B
   * @param time T; 1 where the program has no time
   * @param key what random numbers depend on
   * @throws IllegalArgumentException if an input is missing or too short
   */
  public void run(int batch, int time, long key) {
    if (batch < 1 || time < 1) {
      throw new IllegalArgumentException("run: B and T must be at least 1, got B=" + batch + ", T=" + time);
    }
    boolean sameSizes = laidOut && batch == this.batch && time == this.time;
    this.batch = batch;
    this.time = time;
    this.key = key;
    if (!sameSizes) {
      laidOut = false; // and so it stays if there is not enough memory
      bound = false;
      layOut();
      laidOut = true;
    }
    if (!bound) {
      bindAll();
    }
    boolean prepareToo = stale;
    for (Step step : main) {
      if (step instanceof RowSteps.Random random) {
        random.key(key);
      }
    }
    team.run((thread, threads) -> work(prepareToo, thread, threads));
    stale = false;
  }

  private void work(boolean prepareToo, int thread, int threads) {
    Step.Moment moment = moments[thread];
    if (prepareToo) {
      work(prepare, moment, threads);
    }
    work(main, moment, threads);
  }

  /** Runs the steps in order: large ones by all threads, small ones by the first, with as few barriers as may be. */
  private void work(List<Step> steps, Step.Moment moment, int threads) {
    int thread = moment.thread;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.isTogether()) {
        step.runTogether(moment, team);
        team.barrier();
        continue;
      }
      long extent = step.extent();
      boolean small = isSmall(step);
      int from = small ? 0 : (int) (extent * thread / threads);
      int to = small ? (thread == 0 ? (int) extent : 0) : (int) (extent * (thread + 1) / threads);
      if (from < to) {
        step.run(moment, from, to);
      }
      Step next = i + 1 < steps.size() ? steps.get(i + 1) : null;
      boolean onward =
          next != null
              && ((small && isSmall(next))
                  || (step instanceof ProductSteps.Pack && next instanceof ProductSteps.Pack)); // of other matrices
      if (!onward) {
        team.barrier();
      }
    }
  }

  private boolean isSmall(Step step) {
    return step.cost() < small;
  }

  /** A copy of output {@code number} after a run, dense. */
  public float[] output(int number) {
    return output(number, new float[0]);
  }

  /**
   * The same in an array that the caller has from the last run, or in a new one where the size is another.
   *
   * @param into is used if the output fits exactly
   */
  public float[] output(int number, float[] into) {
    Given out = arrays.get("out " + number);
    if (out == null || batch < 0) {
      throw new IllegalStateException("output: call run first");
    }
    int count = program.shapes().get(number).count(batch, time);
    float[] values = into.length == count ? into : new float[count];
    System.arraycopy(out.array, out.offset, values, 0, count);
    return values;
  }

  private void bindAll() {
    bound = false; // and so it stays if an array turns out to be missing
    for (int i = 0; i < program.shapes().size(); i++) {
      String name = "out " + i;
      int count = program.shapes().get(i).count(batch, time);
      Given known = arrays.get(name);
      if (known == null || (owned.contains(known.array) && known.array.length < count)) {
        if (known != null) {
          owned.remove(known.array);
        }
        float[] own = new float[count];
        owned.add(own);
        set(name, own, 0);
      }
    }
    Step.Binding binding = new Bound();
    for (Step step : prepare) {
      step.bind(binding);
    }
    for (Step step : main) {
      step.bind(binding);
    }
    bound = true;
  }

  private void layOut() {
    int end = Layout.place(program.plan().buffers(), batch, time, places);
    if (workspace.length < end) {
      // By a half more at least: batches sorted by length would need a new one each. The old one goes first.
      int more = (int) Math.min(Integer.MAX_VALUE - 8L, workspace.length + workspace.length / 2L);
      workspace = new float[0];
      workspace = new float[Math.max(end, more)];
    }
  }

  private final class Bound implements Step.Binding {
    @Override
    public int batch() {
      return batch;
    }

    @Override
    public int time() {
      return time;
    }

    @Override
    public int threads() {
      return team.threads();
    }

    @Override
    public long key() {
      return key;
    }

    @Override
    public long small() {
      return small;
    }

    @Override
    public float[] array(Buffer buffer) {
      return switch (buffer.kind()) {
        case WORK -> workspace;
        case PREPARED -> fixed;
        case OUTPUT, INPUT, PARAMETER -> given(buffer).array;
        case INT_INPUT, INT_WORK -> throw new IllegalStateException("compile: " + buffer.name() + " holds whole numbers");
      };
    }

    private Given given(Buffer buffer) {
      String name = buffer.kind() == Buffer.Kind.OUTPUT ? "out " + buffer.name() : buffer.name();
      Given given = arrays.get(name);
      int needed = buffer.size().at(batch, time);
      if (given == null || given.array.length - given.offset < needed) {
        throw new IllegalArgumentException(
            "run: " + buffer.kind().name().toLowerCase(java.util.Locale.ROOT) + " " + name + " needs " + needed
                + " values with B=" + batch + ", T=" + time + ", got "
                + (given == null ? "none; call set" : given.array.length - given.offset));
      }
      return given;
    }

    @Override
    public int[] ints(Buffer buffer) {
      int needed = buffer.size().at(batch, time);
      if (buffer.kind() == Buffer.Kind.INT_WORK) {
        return intWork.compute(buffer, (b, known) -> known == null || known.length < needed ? new int[needed] : known);
      }
      int[] values = ints.get(buffer.name());
      if (values == null || values.length < needed) {
        throw new IllegalArgumentException(
            "run: input " + buffer.name() + " needs " + needed + " whole numbers with B=" + batch + ", T=" + time
                + ", got " + (values == null ? "none; call set" : values.length));
      }
      return values;
    }

    @Override
    public int offset(Buffer buffer) {
      return switch (buffer.kind()) {
        case WORK, PREPARED -> places[buffer.number()];
        case OUTPUT, INPUT, PARAMETER -> given(buffer).offset;
        case INT_INPUT, INT_WORK -> 0;
      };
    }

    @Override
    public float[] panels(Stage.Packed packed) {
      return fixed;
    }

    @Override
    public int panelsOffset(Stage.Packed packed) {
      return Objects.requireNonNull(panels.get(packed));
    }
  }

  @Override
  public String toString() {
    return "Runner of " + program.shapes() + " on " + team.threads() + " threads";
  }
}
