package io.carousel.compile;

import io.carousel.kernel.Kernels;
import io.carousel.kernel.Panels;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The products of a program, run in blocks that stay in the cache. */
final class ProductSteps {
  /** Rows of a product done panel by panel before going on: so many rows of the left side stay in L1. */
  private static final int ROW_BLOCK = 48;

  /** Lines of a long matrix done before going on: a panel of them stays in L2 for all rows. */
  private static final int DEPTH_BLOCK = 1024;

  /** Floats of a matrix that even the largest cache would rather not read again for each block of rows. */
  private static final int LARGE = 1 << 20;

  /**
   * With fewer rows for each thread, threads share the columns: the matrix is then read once by all of them
   * together, and not once by each.
   */
  private static final int SOME_ROWS = 64;

  /** The floats that the cache of a core holds for sure. */
  private static final int CACHE = 1 << 17;

  /** Terms of a product that take as long as moving an element. */
  private static final int FLOPS = 8;

  /** Rows of a contraction that are worked on at once: a block of the left side stays in L2, a panel in L1. */
  private static final int CONTRACT_BLOCK = 320;

  /** So few rows are one block: the results are then touched once. */
  private static final int CONTRACT_ONE = 768;

  /** Panels packed at once. */
  private static final int PANELS = 8;

  private ProductSteps() {}

  /** Rows times a packed matrix. */
  static final class Product extends Step {
    private final Place a;
    private final Place c;
    private final @Nullable Place start;
    private final Stage.Packed packed;
    private final ProductKernel[] kernels; // one for each block of lines
    private final int depth; // of a block
    private final int aRow;
    private final int cRow;
    private final int startRow;
    private final boolean inLoop;
    private float[] panels = {};
    private int panelsOffset;
    private final int width; // of a panel
    private final int panelCount;
    private int rows;
    private int unit;
    private boolean byPanels;
    private final int rowBlock;

    Product(Stage.Product stage, boolean inLoop, Kernels choice) {
      a = place(stage.a());
      c = place(stage.c());
      start = placeOrNull(stage.start());
      packed = stage.matrix();
      this.inLoop = inLoop;
      aRow = Objects.requireNonNull(stage.a().rowStep());
      cRow = Objects.requireNonNull(stage.c().rowStep());
      startRow = stage.start() == null ? -1 : Objects.requireNonNull(stage.start().rowStep());
      int lines = packed.depth();
      int blocks = lines < 2 * DEPTH_BLOCK ? 1 : (lines + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
      depth = (lines + blocks - 1) / blocks;
      kernels = new ProductKernel[blocks];
      for (int i = 0; i < blocks; i++) {
        int own = Math.min(depth, lines - i * depth);
        kernels[i] =
            new ProductEmitter(lines, own, packed.columns(), aRow, cRow, i == 0 ? startRow : cRow).kernel(choice);
      }
      width = Tile.product(packed.columns(), choice).panel();
      panelCount = Panels.count(packed.columns(), width);
      boolean large = (long) lines * packed.columns() > LARGE && blocks == 1;
      rowBlock = large ? Math.max(ROW_BLOCK, CACHE / lines) : ROW_BLOCK;
    }

    @Override
    void bind(Binding binding) {
      a.bind(binding);
      c.bind(binding);
      if (start != null) {
        start.bind(binding);
      }
      panels = binding.panels(packed);
      panelsOffset = binding.panelsOffset(packed);
      rows = count(a.sizes, 0, Math.max(0, a.sizes.length - 1));
      unit = inLoop ? count(a.sizes, 1, a.sizes.length - 1) : 1;
      byPanels = !inLoop && rows < SOME_ROWS * binding.threads() && isEven(binding.threads());
    }

    /** True if threads get about as many panels each. */
    private boolean isEven(int threads) {
      return panelCount % threads == 0 || panelCount > 3 * threads || rows < threads;
    }

    @Override
    int extent() {
      return byPanels ? panelCount : rows;
    }

    @Override
    long cost() {
      return (long) rows * packed.depth() * packed.columns() / FLOPS;
    }

    @Override
    void run(Moment m, int from, int to) {
      if (byPanels) {
        run(m, 0, rows, from, to);
      } else {
        run(m, from * unit, to * unit, 0, panelCount);
      }
    }

    /**
     * A matrix that is larger than the cache is read to and fro: what was read last is still there when the next
     * step begins with it.
     */
    @Override
    void runColumns(Moment m, int rowCount, int threads) {
      int from = panelCount * m.thread / threads;
      int to = panelCount * (m.thread + 1) / threads;
      if (m.turn == 0 || (long) (to - from) * packed.depth() * width < CACHE) {
        run(m, 0, rowCount * unit, from, to);
        return;
      }
      for (int p = to - 1; p >= from; p--) {
        run(m, 0, rowCount * unit, p, p + 1);
      }
    }

    /** Some rows of some panels, in blocks of rows and of lines; the sums go on from block to block. */
    private void run(Moment m, int from, int to, int panel, int endPanel) {
      int aAt = a.at(m);
      int cAt = c.at(m);
      for (int r = from; r < to; r += rowBlock) {
        int n = Math.min(rowBlock, to - r);
        int out = cAt + r * cRow;
        for (int i = 0; i < kernels.length; i++) {
          boolean own = i == 0 && start != null;
          float[] init = own ? start.array : c.array;
          int initAt = own ? start.at(m) + r * startRow : out;
          kernels[i].run(
              a.array, aAt + r * aRow + i * depth, panels, panelsOffset + i * depth * width, c.array, out, init,
              initAt, n, panel, endPanel);
        }
      }
    }
  }

  /** Packs a matrix for products. */
  static final class Pack extends Step {
    private final Place matrix;
    private final Stage.Packed packed;
    private final int width;
    private float[] panels = {};
    private int panelsOffset;

    Pack(Stage.Pack stage, Kernels kernels) {
      packed = stage.packed();
      matrix = place(packed.matrix());
      width = Tile.product(packed.columns(), kernels).panel();
    }

    @Override
    void bind(Binding binding) {
      matrix.bind(binding);
      panels = binding.panels(packed);
      panelsOffset = binding.panelsOffset(packed);
    }

    @Override
    int extent() {
      return Panels.count(packed.columns(), width);
    }

    @Override
    void run(Moment m, int from, int to) {
      Panels.pack(
          matrix.array, matrix.at(m), matrix.steps[0], matrix.steps[1], packed.depth(), packed.columns(),
          panels, panelsOffset, width, from, to);
    }
  }

  /**
   * aᵀ·b over all rows, for each a: threads share the tiles of the results, so that every sum has one
   * order. A panel of b is packed once for all tiles that need it.
   */
  static final class Contract extends Step {
    private final Place[] as;
    private final Place b;
    private final Place[] cs;
    private final @Nullable Place sums;
    private final ContractKernel[] kernels;
    private final int[] lines; // of each result
    private final int[] aRows; // step from row to row of each left side
    private final Tile tile;
    private final int columns;
    private final int bRow;
    private final int tiles; // of one panel, over all results
    private final PanelKernel packing;
    private final RowKernel adding;
    private int rows;
    private int block; // rows packed at once
    private float[][] scratch = {};

    Contract(Stage.Contract stage, Kernels choice) {
      as = stage.as().stream().map(Step::place).toArray(Place[]::new);
      b = place(stage.b());
      cs = stage.cs().stream().map(Step::place).toArray(Place[]::new);
      sums = placeOrNull(stage.sums());
      columns = stage.b().shape().size(-1);
      bRow = Objects.requireNonNull(stage.b().rowStep());
      tile = Tile.contract(columns, choice);
      kernels = new ContractKernel[as.length];
      int count = 0;
      lines = new int[as.length];
      aRows = new int[as.length];
      for (int i = 0; i < as.length; i++) {
        lines[i] = as[i].view().shape().size(-1);
        aRows[i] = Objects.requireNonNull(as[i].view().rowStep());
        kernels[i] = new ContractEmitter(lines[i], columns, aRows[i]).kernel(choice);
        count += tiles(i);
      }
      tiles = count;
      packing = new PanelEmitter(columns, bRow).kernel(choice);
      adding = RowEmitter.kernel(choice);
    }

    private int tiles(int i) {
      return (lines[i] + tile.rows() - 1) / tile.rows();
    }

    @Override
    void bind(Binding binding) {
      for (int i = 0; i < as.length; i++) {
        as[i].bind(binding);
        cs[i].bind(binding);
      }
      b.bind(binding);
      if (sums != null) {
        sums.bind(binding);
      }
      rows = count(b.sizes, 0, b.sizes.length - 1);
      int blocks = rows <= CONTRACT_ONE ? 1 : (rows + CONTRACT_BLOCK - 1) / CONTRACT_BLOCK;
      block = (rows + blocks - 1) / blocks;
      int room = block * tile.panel() * Math.min(PANELS, Panels.count(columns, tile.panel()));
      if (scratch.length != binding.threads() || scratch[0].length < room) {
        scratch = new float[binding.threads()][room];
      }
    }

    @Override
    int extent() {
      return Panels.count(columns, tile.panel()) * tiles;
    }

    @Override
    long cost() {
      return (long) rows * tiles * tile.rows() * columns / FLOPS;
    }

    /**
     * A block of rows at a time, which stays in the cache for all panels; some panels at a time, since memory
     * is read fastest in long rows.
     */
    @Override
    void run(Moment m, int from, int to) {
      int firstPanel = from / tiles;
      int endPanel = (to + tiles - 1) / tiles;
      for (int row = 0; row < rows; row += block) {
        for (int panel = firstPanel; panel < endPanel; panel += PANELS) {
          int end = Math.min(endPanel, panel + PANELS);
          pack(m, row, panel, end);
          for (int p = panel; sums != null && p < end; p++) {
            if (p * tiles >= from) {
              sum(m, row, p, (p - panel) * block * tile.panel());
            }
          }
          int base = 0;
          for (int i = 0; i < as.length; i++) {
            for (int p = panel; p < end; p++) {
              int first = p * tiles + base;
              tiles(
                  m, i, row, p, (p - panel) * block * tile.panel(), Math.max(from - first, 0),
                  Math.min(to - first, tiles(i)));
            }
            base += tiles(i);
          }
        }
      }
    }

    private int blockAt(int row) {
      return Math.min(block, rows - row);
    }

    private int isLast(int panel) {
      return (panel + 1) * tile.panel() >= columns ? 1 : 0;
    }

    private void pack(Moment m, int row, int panel, int end) {
      packing.pack(
          b.array, b.at(m) + row * bRow + panel * tile.panel(), blockAt(row), end - panel, isLast(end - 1),
          scratch[m.thread], block * tile.panel());
    }

    private void sum(Moment m, int row, int panel, int at) {
      int out = sums.at(m) + panel * tile.panel();
      int n = Math.min(tile.panel(), columns - panel * tile.panel());
      if (row == 0) {
        java.util.Arrays.fill(sums.array, out, out + n, 0f);
      }
      adding.addRows(scratch[m.thread], at, tile.panel(), blockAt(row), sums.array, out, n);
    }

    /** The tiles {@code first} to {@code last} of a panel of result i for a block of rows, packed at {@code at}. */
    private void tiles(Moment m, int i, int row, int panel, int at, int first, int last) {
      float[] packed = scratch[m.thread];
      int column = panel * tile.panel();
      int n = Math.min(tile.panel(), columns - column);
      int a = as[i].at(m) + row * aRows[i];
      int c = cs[i].at(m) + column;
      int count = blockAt(row);
      for (int t = first; t < last; t++) {
        int line = t * tile.rows();
        int height = Math.min(tile.rows(), lines[i] - line);
        int out = c + line * columns;
        if (row == 0) {
          clear(cs[i].array, out, height, n);
        }
        kernels[i].run(as[i].array, a + line, packed, at, cs[i].array, out, count, height, n);
      }
    }

    private void clear(float[] out, int at, int height, int n) {
      for (int i = 0; i < height; i++) {
        java.util.Arrays.fill(out, at + i * columns, at + i * columns + n, 0f);
      }
    }
  }
}
