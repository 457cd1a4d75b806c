package io.carousel.compile;

/** Packs rows into panels. */
interface PanelKernel {
  /**
   * Copies rows into neighboring panels, row by row, so that memory is read as it lies.
   *
   * @param b rows with the step of one place in a program
   * @param bOffset where the first panel begins in the first row
   * @param rows so many rows
   * @param panels so many panels, the last of which may be the narrow one
   * @param last 1 if the last of them is the last of the matrix
   * @param out {@code [panels][step/width][width]}
   * @param step floats from panel to panel in {@code out}
   */
  void pack(float[] b, int bOffset, int rows, int panels, int last, float[] out, int step);
}
