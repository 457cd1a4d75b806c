package io.carousel.data;

/** Takes HTML out of a text: tags become a space, character references the character. */
final class Markup {
  /** A tag longer than this is taken for text, so that a stray {@code <} costs little and hides little. */
  private static final int LONGEST_TAG = 512;

  private static final int LONGEST_REFERENCE = 10;

  private Markup() {}

  /** Shortens the first {@code n} characters in place; returns how many are left. */
  static int remove(char[] chars, int n) {
    int out = 0;
    int i = 0;
    while (i < n) {
      char c = chars[i];
      int after = c == '<' ? afterTag(chars, i, n) : c == '&' ? afterReference(chars, i, n) : i;
      if (after == i) {
        chars[out++] = c;
        i++;
      } else if (c == '<') {
        chars[out++] = ' ';
        i = after;
      } else {
        int replaced = reference(new String(chars, i + 1, after - i - 2));
        if (replaced < 0) {
          chars[out++] = c;
          i++;
        } else {
          out += Character.toChars(replaced, chars, out); // never longer than the reference was
          i = after;
        }
      }
    }
    return out;
  }

  /** The place after a tag that starts at {@code from}, or {@code from} if none does. */
  private static int afterTag(char[] chars, int from, int n) {
    if (from + 2 >= n) {
      return from;
    }
    char first = chars[from + 1];
    if (first != '/' && first != '!' && !((first | 0x20) >= 'a' && (first | 0x20) <= 'z')) {
      return from;
    }
    int end = Math.min(n, from + LONGEST_TAG);
    for (int i = from + 2; i < end && chars[i] != '<'; i++) {
      if (chars[i] == '>') {
        return i + 1;
      }
    }
    return from;
  }

  private static int afterReference(char[] chars, int from, int n) {
    int end = Math.min(n, from + LONGEST_REFERENCE + 2);
    for (int i = from + 1; i < end; i++) {
      char c = chars[i];
      if (c == ';') {
        return i > from + 1 ? i + 1 : from;
      }
      if (c >= 128 || (c != '#' && !Character.isLetterOrDigit(c))) {
        return from;
      }
    }
    return from;
  }

  /** The code point that a reference stands for, or −1 if it is not known. */
  private static int reference(String name) {
    return switch (name) {
      case "amp" -> '&';
      case "lt" -> '<';
      case "gt" -> '>';
      case "quot", "ldquo", "rdquo" -> '"';
      case "apos", "lsquo", "rsquo" -> '\'';
      case "nbsp" -> ' ';
      case "hellip" -> 0x2026;
      case "pound" -> 0xA3;
      case "euro" -> 0x20AC;
      default -> name.startsWith("#") ? number(name) : -1;
    };
  }

  private static int number(String name) {
    boolean hex = name.length() > 1 && (name.charAt(1) == 'x' || name.charAt(1) == 'X');
    int base = hex ? 16 : 10;
    long value = 0;
    int from = hex ? 2 : 1;
    for (int i = from; i < name.length(); i++) {
      int digit = Character.digit(name.charAt(i), base);
      if (digit < 0) {
        return -1;
      }
      value = value * base + digit;
    }
    boolean valid = from < name.length() && Character.isValidCodePoint((int) Math.min(value, 0x110000));
    return valid && value > 0 ? (int) value : -1;
  }
}
