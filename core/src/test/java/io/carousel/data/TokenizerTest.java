package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules 1 are, for ever: a model that was trained with them must find the same words. */
class TokenizerTest {
  private static final Tokenizer STANDARD = Tokenizer.standard();

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', emptyValue = "", textBlock = """
      A wonderful, WONDERFUL film!            | a wonderful wonderful film !
      don't 'tis dogs' rock'n'roll o''clock   | don't tis dogs rock'n'roll o clock
      Don’t “quote” ‘me’                      | don't quote me
      one<br /><br />two<BR>three</p>four     | one two three four
      1 < 2 and 3 > 2, a<b                    | 1 2 and 3 2 a b
      <!-- gone -->Tom &amp; Jerry don&#39;t  | tom jerry don't
      it\u0092s caf\u00E9                      | it's caf\u00E9
      AT&T; &unknown; &#x21;                  | at t unknown !
      8/10, 3.5 stars; 1,000 and/or 7.        | 8/10 3.5 stars 1,000 and or 7
      call 08452810075 or 1,234,567 in 2004   | call 00000000000 or 0,000,000 in 2004
      sooooo goooood!!!!!!! Really?! ?? 100000 | sooo goood !!! really ? ! ?? 000000
      well-made _Titanic_ C++ #tag @me        | well made titanic c tag me
      £1 $5 €9 ★★★★★ 😀😀 x                   | £ 1 $ 5 € 9 ★★★ 😀😀 x
      Ångström straße ÉCOLE naïve             | ångström straße école naïve
      e\u0301cole co\u00ADop a\u200Bb\u200Dc | e\u0301cole coop a bc
      我喜欢这部电影！Very好。                 | 我 喜 欢 这 部 电 影 ! very 好
      カタカナ ひらがな 한국어 영화            | カ タ カ ナ ひ ら が な 한국어 영화
      Привет, мир हिन्दी فيلم؟                 | привет мир हिन्दी فيلم ?
      ไม่ดี                                    | ไ ม่ ดี
      𠀋x 𝐀                                    | 𠀋 x 𝐀
      ＡＢＣ１２ ！？                          | abc12 ! ?
      ½ of x² and Ⅳ                           | ½ of x² and ⅳ
      """)
  void cutsByTheRules(String text, String words) {
    assertThat(String.join(" ", STANDARD.words(text))).isEqualTo(words);
  }

  @Test
  void emptyTextsHaveNoWords() {
    assertThat(STANDARD.words("")).isEmpty();
    assertThat(STANDARD.words(" \t\r\n\u00A0\u3000 ")).isEmpty();
    assertThat(STANDARD.words("... -- \"\" <br/> \u0000 \uFEFF")).isEmpty();
  }

  @Test
  void survivesBrokenSurrogates() {
    assertThat(STANDARD.words("a\uD83Db \uDE00c\uD83D")).containsExactly("a", "b", "c");
  }

  @Test
  void isTheSameInAnyLanguage() {
    java.util.Locale before = java.util.Locale.getDefault();
    try {
      java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr-TR"));
      assertThat(STANDARD.words("TITANIC İ")).containsExactly("titanic", "i");
    } finally {
      java.util.Locale.setDefault(before);
    }
  }

  @Test
  void optionsChangeTheWords() {
    String text = "GOOD, very good... (no: 12345) <b>x</b>…";
    assertThat(STANDARD.withPunctuation(".,:()").words(text))
        .containsExactly("good", ",", "very", "good", "...", "(", "no", ":", "00000", ")", "x", "...");
    assertThat(STANDARD.withLowerCase(false).words("GOOD Good")).containsExactly("GOOD", "Good");
    Tokenizer plain = new Tokenizer(1, true, false, "", 1000, 0, 5);
    assertThat(plain.words("<b>heeeey</b> 123456 wonderful!"))
        .containsExactly("b", "heeee", "b", "12345", "wonde");
  }

  @Test
  void aPointJoinsDigitsAlsoWhereItIsPunctuation() {
    assertThat(STANDARD.withPunctuation(".").words("3.5 a.b 7. 1.2.3"))
        .containsExactly("3.5", "a", ".", "b", "7", ".", "1.2.3");
  }

  @Test
  void hugeTextsCostLittle() {
    // Each of these would take hours if the work grew with the square of the length.
    int n = 5_000_000;
    assertThat(STANDARD.words("y".repeat(n))).containsExactly("yyy");
    assertThat(STANDARD.words("ab".repeat(n / 2))).containsExactly("ab".repeat(20));
    assertThat(STANDARD.words("7".repeat(n))).containsExactly("0".repeat(40));
    assertThat(STANDARD.words("!".repeat(n))).containsExactly("!!!");
    assertThat(STANDARD.words("'".repeat(n))).isEmpty();
    assertThat(STANDARD.words("<a".repeat(n / 2))).hasSize(n / 2);
    assertThat(STANDARD.words("&a".repeat(n / 2))).hasSize(n / 2);
    assertThat(STANDARD.words("e" + "\u0301".repeat(n))).containsExactly("e" + "\u0301".repeat(39));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> new Tokenizer(2, true, true, "", 3, 5, 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Tokenizer: rules must be from 1 to 1, got 2; a newer version of Carousel wrote this");
    assertThatThrownBy(() -> STANDARD.withPunctuation("!a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Tokenizer: punctuation must be ASCII marks other than the apostrophe, got \"!a\"");
    assertThatThrownBy(() -> new Tokenizer(1, true, true, "", 0, 5, 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Tokenizer: repeat must be from 1 to 1000, got 0");
  }
}
