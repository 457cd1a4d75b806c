package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.tensor.Shape;

/**
 * Random numbers of mean 0 and variance 1: the inverse of the normal distribution function, √2 erf⁻¹(2u − 1), of
 * uniform ones u. Made of arithmetic, log and √ alone, they are the same bits everywhere.
 *
 * <p>Source: Giles: Approximating the erfinv function, 2010, table 5, single precision; relative error below
 * 4e-7. Differs from the source: u is moved by half of its grid, 2⁻²⁵, so that no number is infinite; the
 * largest is 5.4.
 */
public final class NormalNumbers {
  /** Of w − 2.5, the highest power first. */
  private static final double[] CENTER = {
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503,
    -0.00417768164, 0.246640727, 1.50140941
  };

  /** Of √w − 3, for w from 5 on. */
  private static final double[] TAIL = {
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
    0.00943887047, 1.00167406, 2.83297682
  };

  private NormalNumbers() {}

  /** Normal numbers of a random stream. */
  public static Expr of(String stream, Shape shape) {
    Expr x = Expr.random(stream, shape).times(2).plus(-1).plus(0x1p-24); // exact, within −1 and 1
    Expr w = Expr.log(x.complement().times(x.plus(1))).negate();
    Expr near = polynomial(CENTER, w.plus(-2.5));
    Expr far = polynomial(TAIL, Expr.sqrt(w).plus(-3));
    return Expr.select(w.less(Expr.constant(5)), near, far).times(x).times(Math.sqrt(2));
  }

  private static Expr polynomial(double[] coefficients, Expr x) {
    Expr sum = Expr.constant(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      sum = sum.times(x).plus(coefficients[i]);
    }
    return sum;
  }
}
