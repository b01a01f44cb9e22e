package dev.paddock.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void splitsAtBlanks() {
        assertThat(Words.split("  create  /a\tdata ")).containsExactly("create", "/a", "data");
        assertThat(Words.split("")).isEmpty();
    }

    @Test
    void quotesKeepBlanksAndEmptyWords() {
        assertThat(Words.split("set /a 'x \"y\"' \"it's\" ''")).containsExactly("set", "/a", "x \"y\"", "it's", "");
    }

    @Test
    void backslashTakesTheNextCharacterAsItIs() {
        assertThat(Words.split("a\\ b \"\\\"\" '\\n'")).containsExactly("a b", "\"", "\\n");
    }

    @Test
    void anOpenQuoteIsRefused() {
        assertThatThrownBy(() -> Words.split("get 'a")).hasMessage("a ' is left open");
    }
}
