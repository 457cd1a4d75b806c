package io.carousel.compile;

import io.carousel.kernel.Kernels;
import io.carousel.kernel.Panels;

/**
 * A matrix product for each place of the leading axes. The right side of each is packed in panels, which take
 * the kernel at any stride; where there are too few rows to be worth it, rows are added up as they lie.
 */
final class BatchProduct extends Step {
  /** With fewer rows packing the right side takes longer than the product. */
  private static final int FEW_ROWS = 4;

  /** Terms of a product that take as long as moving an element. */
  private static final int FLOPS = 8;

  private final Place a;
  private final Place b;
  private final Place c;
  private final boolean inLoop;
  private final Kernels choice;
  private BatchKernel[] kernel = {}; // none where rows are added up
  private int panel;
  private int rank;
  private int rows;
  private int terms;
  private int columns;
  private int extent;
  private int unit; // products of one part
  private float[][] scratch = {};

  BatchProduct(Stage.BatchProduct stage, boolean inLoop, Kernels choice) {
    a = place(stage.a());
    b = place(stage.b());
    c = place(stage.c());
    this.inLoop = inLoop;
    this.choice = choice;
  }

  @Override
  void bind(Binding binding) {
    a.bind(binding);
    b.bind(binding);
    c.bind(binding);
    rank = c.sizes.length;
    rows = c.sizes[rank - 2];
    columns = c.sizes[rank - 1];
    terms = a.sizes[rank - 1];
    extent = inLoop ? c.sizes[0] : count(c.sizes, 0, rank - 2);
    unit = inLoop ? count(c.sizes, 1, rank - 2) : 1;
    boolean tiled = choice.isVector() && rows >= FEW_ROWS && (columns == 1 || c.steps[rank - 1] == 1);
    kernel = new BatchKernel[0];
    if (tiled) {
      Tile tile = Tile.product(columns, choice);
      kernel = new BatchKernel[] {new BatchEmitter(tile).kernel(choice)};
      panel = tile.panel();
      int room = Panels.count(columns, panel) * panel * terms;
      if (scratch.length != binding.threads() || scratch[0].length < room) {
        scratch = new float[binding.threads()][room];
      }
    }
  }

  @Override
  int extent() {
    return extent;
  }

  @Override
  long cost() {
    return (long) extent * unit * rows * columns * terms / FLOPS;
  }

  @Override
  void run(Moment m, int from, int to) {
    int packed = -1; // where the matrix in the panels lies
    for (int i = from * unit; i < to * unit; i++) {
      int left = i;
      int aAt = a.at(m);
      int bAt = b.at(m);
      int cAt = c.at(m);
      for (int axis = rank - 3; axis >= 0; axis--) {
        int at = left % c.sizes[axis];
        left /= c.sizes[axis];
        aAt += at * a.steps[axis];
        bAt += at * b.steps[axis];
        cAt += at * c.steps[axis];
      }
      if (kernel.length == 0) {
        addUp(aAt, bAt, cAt);
      } else {
        if (bAt != packed) {
          Panels.pack(
              b.array, bAt, b.steps[rank - 2], b.steps[rank - 1], terms, columns, scratch[m.thread], 0, panel, 0,
              Panels.count(columns, panel));
          packed = bAt;
        }
        tiles(scratch[m.thread], aAt, cAt);
      }
    }
  }

  private void tiles(float[] panels, int aAt, int cAt) {
    for (int column = 0; column < columns; column += panel) {
      kernel[0].run(
          a.array, aAt, a.steps[rank - 2], a.steps[rank - 1], panels, column * terms, c.array, cAt + column,
          c.steps[rank - 2], rows, terms, Math.min(panel, columns - column));
    }
  }

  private void addUp(int aAt, int bAt, int cAt) {
    int cStep = c.steps[rank - 1];
    int bStep = b.steps[rank - 1];
    boolean dense = columns == 1 || (cStep == 1 && bStep == 1);
    for (int r = 0; r < rows; r++) {
      int out = cAt + r * c.steps[rank - 2];
      for (int j = 0; j < columns; j++) {
        c.array[out + j * cStep] = 0f;
      }
      for (int k = 0; k < terms; k++) {
        float factor = a.array[aAt + r * a.steps[rank - 2] + k * a.steps[rank - 1]];
        int in = bAt + k * b.steps[rank - 2];
        if (dense) {
          line(factor, b.array, in, c.array, out, columns);
        } else {
          for (int j = 0; j < columns; j++) {
            c.array[out + j * cStep] = Math.fma(factor, b.array[in + j * bStep], c.array[out + j * cStep]);
          }
        }
      }
    }
  }

  /** A loop of its own, which the JIT may do in vectors. */
  private static void line(float a, float[] b, int in, float[] c, int out, int n) {
    for (int j = 0; j < n; j++) {
      c[out + j] = Math.fma(a, b[in + j], c[out + j]);
    }
  }
}
