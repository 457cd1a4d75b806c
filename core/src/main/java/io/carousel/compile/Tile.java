package io.carousel.compile;

import io.carousel.kernel.Kernels;

/**
 * The shape of the register tile of a product: so many rows by so many vectors, the accumulators of
 * which stay in registers. The one table of tile shapes; measured for 512-bit vectors, for the
 * narrower ones chosen to fit 16 registers.
 *
 * @param rows the largest number of rows
 * @param vectors vectors side by side
 * @param lanes floats in a vector
 */
record Tile(int rows, int vectors, int lanes) {
  /** The tile for a·b with so many columns. */
  static Tile product(int columns, Kernels kernels) {
    int lanes = kernels.lanes();
    if (!kernels.isVector()) {
      return new Tile(1, 64, 1);
    }
    int vectors = (columns + lanes - 1) / lanes;
    return lanes == 16 ? new Tile(vectors > 2 ? 5 : 8, Math.min(4, vectors), lanes)
        : new Tile(6, Math.min(2, vectors), lanes);
  }

  /** The tile for aᵀ·b with so many columns. */
  static Tile contract(int columns, Kernels kernels) {
    int lanes = kernels.lanes();
    if (!kernels.isVector()) {
      return new Tile(4, 64, 1);
    }
    int vectors = Math.min(2, (columns + lanes - 1) / lanes);
    return lanes == 16 ? new Tile(8, vectors, lanes) : new Tile(6, vectors, lanes);
  }

  /** The number of columns of a panel. */
  int panel() {
    return vectors * lanes;
  }
}
