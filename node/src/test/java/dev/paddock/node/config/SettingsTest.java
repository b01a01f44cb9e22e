package dev.paddock.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final Properties system = new Properties();

    @Test
    void theFileGoesBeforeSystemProperties() throws Exception {
        system.setProperty("zookeeper.maxCnxns", "1");
        assertThat(settings("maxCnxns=2").integer("maxCnxns", 0, 0, 9)).isEqualTo(2);
        assertThat(settings("zookeeper.maxCnxns=3").integer("maxCnxns", 0, 0, 9))
                .isEqualTo(3);
        assertThat(settings("").integer("maxCnxns", 0, 0, 9)).isEqualTo(1);
    }

    @Test
    void onlyKeysWithADotAreSystemPropertiesWithoutAPrefix() {
        system.setProperty("jute.maxbuffer", "7");
        system.setProperty("clientPort", "7");
        assertThat(settings("").text("jute.maxbuffer")).hasValue("7");
        assertThat(settings("").text("clientPort")).isEmpty();
    }

    @Test
    void bothWaysOfSayingYesAreUnderstood() throws Exception {
        var settings = settings("a=yes\nb=TRUE\nc=no\nd=False\ne=maybe");
        assertThat(settings.bool("a", false)).isTrue();
        assertThat(settings.bool("b", false)).isTrue();
        assertThat(settings.bool("c", true)).isFalse();
        assertThat(settings.bool("d", true)).isFalse();
        assertThat(settings.bool("none", true)).isTrue();
        assertThatThrownBy(() -> settings.bool("e", true))
                .isInstanceOf(ConfigException.class)
                .hasMessage("zoo.cfg:5: e: 'maybe' is neither true nor false");
    }

    @Test
    void whatApacheTakesForFalseIsFalseAndNamed() {
        var settings = settings("a=True\nb=false\nc=1\nd=yes");
        assertThat(settings.flag("a", false)).isTrue();
        assertThat(settings.flag("b", true)).isFalse();
        assertThat(settings.flag("none", true)).isTrue();
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.flag("c", true)).isFalse();
        assertThat(settings.flag("d", true)).isFalse();
        assertThat(settings.warnings())
                .containsExactly(
                        "zoo.cfg:3: c: '1' is taken for false, as by Apache ZooKeeper; write true or false",
                        "zoo.cfg:4: d: 'yes' is taken for false, as by Apache ZooKeeper; write true or false");
    }

    @Test
    void numbersMayBeHexadecimal() throws Exception {
        system.setProperty("jute.maxbuffer", "0x9fffff");
        var settings = settings("a=0XfF\nb=-0x10\nc=010\nd=0x");
        assertThat(settings.integer("jute.maxbuffer", 0, 0, 1 << 30)).isEqualTo(0x9fffff);
        assertThat(settings.integer("a", 0, 0, 999)).isEqualTo(255);
        assertThat(settings.integer("b", 0, -99, 99)).isEqualTo(-16);
        assertThat(settings.integer("c", 0, 0, 99)).isEqualTo(10);
        assertThatThrownBy(() -> settings.integer("d", 0, 0, 9)).hasMessageContaining("'0x' is not a whole number");
    }

    @Test
    void numbersKeepTheirRange() throws Exception {
        var settings = settings("long=4294967296\nhalf=0.5\nmuch=1.5\nword=x");
        assertThat(settings.longInteger("long", 0, 0, Long.MAX_VALUE)).isEqualTo(1L << 32);
        assertThatThrownBy(() -> settings.integer("long", 0, 0, 9)).hasMessageContaining("from 0 to 9");
        assertThatThrownBy(() -> settings.integer("word", 0, 0, 9)).hasMessageContaining("'x' is not a whole number");
        assertThat(settings.decimal("half", 0, 0, 1)).isEqualTo(0.5);
        assertThatThrownBy(() -> settings.decimal("much", 0, 0, 1)).hasMessageContaining("from 0.0 to 1.0");
        assertThatThrownBy(() -> settings.decimal("word", 0, 0, 1)).hasMessageContaining("from 0.0 to 1.0");
    }

    @Test
    void aFamilyOfKeysIsFoundWhereverItStands() {
        system.setProperty("zookeeper.authProvider.2", "two");
        system.setProperty("zookeeper.authProvider.1", "other");
        var settings = settings("authProvider.1=one\nzookeeper.authProvider.3=three");
        assertThat(settings.startingWith("authProvider."))
                .containsExactly(
                        Map.entry("authProvider.1", "one"),
                        Map.entry("authProvider.2", "two"),
                        Map.entry("authProvider.3", "three"));
        assertThat(settings.unknownKeys()).isEmpty();
    }

    @Test
    void whatWasNotLookedUpIsUnknown() {
        var settings = settings("known=1\nnobody=2\nzookeeper.prefixed=3");
        assertThat(settings.text("known")).hasValue("1");
        assertThat(settings.text("prefixed")).hasValue("3");
        assertThat(settings.unknownKeys()).containsExactly("nobody");
    }

    private Settings settings(String text) {
        try {
            return new Settings(PropertiesFile.parse(Path.of("zoo.cfg"), text), system);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
