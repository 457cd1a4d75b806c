package io.carousel.data;

/** What a character does in a text, for {@link WordScanner}. */
final class CharKind {
  /** Separates words. */
  static final byte SPACE = 0;

  static final byte LETTER = 1;
  static final byte DIGIT = 2;

  /** Goes on with the word before it: an accent, a vowel sign. */
  static final byte MARK = 3;

  /** Is not there at all: a soft hyphen, a joiner. */
  static final byte IGNORED = 4;

  /** Is a word of its own, with the marks after it: a character of a script without spaces. */
  static final byte IDEOGRAPH = 5;

  /** Is a word of its own, together with its repetitions: an emoji, a currency sign, punctuation. */
  static final byte SYMBOL = 6;

  static final byte APOSTROPHE = 7;

  private CharKind() {}

  /** The plain form of a typographic character. */
  static int plain(int c) {
    if (c >= 0xFF01 && c <= 0xFF5E) {
      return c - 0xFEE0; // full-width ASCII
    }
    return switch (c) {
      case 0x2018, 0x2019, 0x02BC, 0x00B4 -> '\'';
      case 0x0091, 0x0092 -> '\''; // Windows-1252 taken for Latin-1: common on the web
      case 0x201C, 0x201D, 0x201E, 0x00AB, 0x00BB -> '"';
      case 0x2013, 0x2014, 0x2015, 0x2212 -> '-';
      case 0x2026 -> '.';
      case 0x3002, 0x0964 -> '.';
      case 0x3001, 0x060C -> ',';
      case 0x061F -> '?';
      default -> c;
    };
  }

  /** The kind of a character from 128 on. */
  static byte of(int c) {
    if (isUnspaced(c)) {
      return switch (Character.getType(c)) {
        case Character.DECIMAL_DIGIT_NUMBER -> DIGIT;
        case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> MARK;
        case Character.LOWERCASE_LETTER, Character.UPPERCASE_LETTER, Character.OTHER_LETTER,
            Character.MODIFIER_LETTER, Character.LETTER_NUMBER, Character.OTHER_SYMBOL -> IDEOGRAPH;
        case Character.CURRENCY_SYMBOL -> SYMBOL;
        default -> SPACE;
      };
    }
    return switch (Character.getType(c)) {
      case Character.LOWERCASE_LETTER, Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER, Character.OTHER_LETTER, Character.LETTER_NUMBER -> LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.OTHER_NUMBER -> DIGIT;
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> MARK;
      case Character.FORMAT -> c == 0x200B ? SPACE : IGNORED; // the zero-width space does separate
      case Character.OTHER_SYMBOL, Character.CURRENCY_SYMBOL -> SYMBOL;
      default -> SPACE;
    };
  }

  /** Whether a script is written without spaces; by ranges, so that no Java version decides otherwise. */
  private static boolean isUnspaced(int c) {
    if (c < 0x0E00) {
      return false;
    }
    return c <= 0x0EFF // Thai, Lao
        || (c >= 0x1000 && c <= 0x109F) // Burmese
        || (c >= 0x1780 && c <= 0x17FF) // Khmer
        || (c >= 0x2E80 && c <= 0x2FDF) // radicals
        || (c >= 0x3005 && c <= 0x3007)
        || (c >= 0x3041 && c <= 0x312F && c != 0x30FB) // Hiragana, Katakana, Bopomofo
        || (c >= 0x31A0 && c <= 0x31FF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFF66 && c <= 0xFF9F) // half-width Katakana
        || (c >= 0x20000 && c <= 0x3FFFD);
  }
}
