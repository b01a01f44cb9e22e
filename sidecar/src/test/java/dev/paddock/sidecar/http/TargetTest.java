package dev.paddock.sidecar.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @Test
    void decodesOnce() {
        Target target = Target.parse("/v1/config/app/my%20key%C3%A9?wait=1m30s&x=a+b%2F");
        assertThat(target.segments()).containsExactly("v1", "config", "app", "my key\u00e9");
        assertThat(target.query()).containsEntry("wait", "1m30s").containsEntry("x", "a b/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/%2e%2e/b", "/a/../b", "/a/./b", "/a/.%2e", "/a%2fb", "/a%2Fb", "/a%252fb", "/a/..;/b", "/a;x=1",
                        "/a\\b", "/a%5cb",
                "/a%00", "/a%0d%0a", "/a//b", "/a/", "//a", "/a%ff", "/a%c0%af", "/a%ef%bc%8fb",
                        "/a/%ef%bc%8e%ef%bc%8e/b", "/a%", "/a%2",
                "/a%zz", "/a b", "/a\u00e9", "/a#b", "a", "", "*", "/a?x=1&x=2", "/a?=1", "/a%7f", "/a%c2%85"
            })
    void refusesWhatCouldBeReadInTwoWays(String target) {
        assertThatThrownBy(() -> Target.parse(target)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesLongOnes() {
        assertThatThrownBy(() -> Target.parse("/" + "a".repeat(4096))).isInstanceOf(Refused.class);
    }

    @Property
    void neverThrowsAnythingElseAndNeverLetsADotSegmentThrough(@ForAll String text) {
        try {
            assertThat(Target.parse("/" + text).segments())
                    .noneMatch(segment ->
                            segment.isEmpty() || segment.equals(".") || segment.equals("..") || segment.contains("/"));
        } catch (Refused refused) {
            assertThat(refused.problem().status()).isIn(400, 414);
        }
    }
}
