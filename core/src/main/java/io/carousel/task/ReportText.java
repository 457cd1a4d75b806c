package io.carousel.task;

import java.util.Locale;

/** Texts and numbers as a page shows them: whatever the user's data holds, it stays text. */
final class ReportText {
  private static final double Z95 = 1.959964;

  private ReportText() {}

  /**
   * A text for element content and quoted attributes.
   *
   * <p>Characters that HTML forbids (controls, halves of surrogate pairs) become U+FFFD; tabs and
   * line feeds stay.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        case '\r' -> {
          if (i >= text.length() || text.charAt(i) != '\n') {
            escaped.append('\n');
          }
        }
        default -> escaped.appendCodePoint(allowed(c) ? c : 0xFFFD);
      }
    }
    return escaped.toString();
  }

  private static boolean allowed(int c) {
    return c == '\n'
        || c == '\t'
        || !(c < ' '
            || (c >= 0x7F && c < 0xA0)
            || (c >= 0xD800 && c < 0xE000)
            || (c & 0xFFFE) == 0xFFFE);
  }

  /** The first {@code length} characters, without half a pair at the end. */
  static String start(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
  }

  /** A name on one line of at most {@code length} characters, escaped. */
  static String label(String name, int length) {
    String line = start(name, 4 * length).strip().replaceAll("\\s+", " ");
    if (line.isEmpty()) {
      return "(empty)";
    }
    return escape(line.length() <= length ? line : start(line, length - 1) + "…");
  }

  /** 12345 as 12,345. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String count(long number, String one, String many) {
    return count(number) + " " + (number == 1 ? one : many);
  }

  /** A number with some decimals. */
  static String fixed(double number, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", number);
    return text.startsWith("-") && text.matches("[-0.]+") ? text.substring(1) : text;
  }

  /** A coordinate, as short as it can be. */
  static String at(double number) {
    String text = fixed(number, 1);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** A share as a percentage for a page, neither 0 nor 100 unless it is that (to four decimals). */
  static String percent(double share) {
    if (share < 0.0005) {
      return share <= 0 ? "0%" : "&lt;0.1%";
    }
    String text = fixed(100 * share, 1);
    for (int decimals = 2; text.startsWith("100") && decimals <= 4; decimals++) {
      text = fixed(100 * share, decimals);
    }
    return text.equals("100.0000") ? "100%" : text + "%";
  }

  /** A time as a person says it. */
  static String duration(double seconds) {
    if (seconds < 9.95) {
      return fixed(seconds, 1) + " s";
    }
    long whole = Math.round(seconds);
    return whole < 120
        ? whole + " s"
        : whole < 7200
            ? whole / 60 + " min " + whole % 60 + " s"
            : whole / 3600 + " h " + whole / 60 % 60 + " min";
  }

  /**
   * The range in which a true share lies with 95% probability, after {@code right} of {@code rows}.
   *
   * <p>Source: E. B. Wilson 1927.
   */
  static double[] wilson(double right, double rows) {
    double p = right / rows;
    double square = Z95 * Z95 / rows;
    double middle = (p + square / 2) / (1 + square);
    double half = Z95 * Math.sqrt(p * (1 - p) / rows + square / (4 * rows)) / (1 + square);
    // At the border the two summands cancel but for rounding.
    return new double[] {right == 0 ? 0 : middle - half, right == rows ? 1 : middle + half};
  }
}
