package dev.paddock.operator.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.Engine;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What people say in {@code spec.config} of things that the objects of a cluster count on. */
final class OwnSettingsTest {
    private static final String PROMETHEUS = "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PADDOCK   | admin.forceHttps                           | true                | without TLS
            PADDOCK   | admin.portUnification                      | true                | without TLS
            PADDOCK   | admin.needClientAuth                       | yes                 | without TLS
            PADDOCK   | zookeeper.admin.forceHttps                 | true                | without TLS
            PADDOCK   | metricsProvider.className                  | org.example.Mine    | port 7000
            PADDOCK   | metricsProvider.httpPort                   | 7001                | port 7000
            PADDOCK   | metricsProvider.httpHost                   | 127.0.0.1           | port 7000
            PADDOCK   | zookeeper.metricsProvider.httpPort         | 7001                | port 7000
            PADDOCK   | zookeeper.admin.serverPort                 | 9000                | Paddock sets addresses
            PADDOCK   | zookeeper.server.9                         | a:2888:3888         | Paddock sets addresses
            PADDOCK   | zookeeper.secureClientPort                 | 2282                | Paddock sets addresses
            PADDOCK   | sslQuorum                                  | false               | by keys that the operator makes
            PADDOCK   | portUnification                            | true                | by keys that the operator makes
            PADDOCK   | ssl.quorum.keyStore.location               | /tmp/a.pem          | by keys that the operator makes
            PADDOCK   | ssl.quorum.keyStore.type                   | JKS                 | by keys that the operator makes
            PADDOCK   | ssl.quorum.trustStore.password             | a                   | by keys that the operator makes
            PADDOCK   | ssl.quorum.clientAuth                      | none                | by keys that the operator makes
            PADDOCK   | ssl.quorum.crl                             | true                | by keys that the operator makes
            PADDOCK   | ssl.quorum.ocsp                            | true                | by keys that the operator makes
            PADDOCK   | ssl.quorum.hostnameVerification            | false               | by keys that the operator makes
            PADDOCK   | ssl.quorum.clientHostnameVerification      | false               | by keys that the operator makes
            PADDOCK   | zookeeper.portUnification                  | true                | by keys that the operator makes
            ZOOKEEPER | metricsProvider.className                  | org.example.Mine    | port 7000
            ZOOKEEPER | metricsProvider.httpPort                   | 7001                | port 7000
            ZOOKEEPER | metricsProvider.httpHost                   | 127.0.0.1           | port 7000
            ZOOKEEPER | portUnification                            | true                | by keys that the operator makes
            ZOOKEEPER | ssl.quorum.clientHostnameVerification      | true                | by keys that the operator makes
            ZOOKEEPER | ssl.quorum.context.supplier.class          | org.example.Mine    | by keys that the operator makes
            """)
    void whatTheObjectsCountOnIsAsTheyNeedIt(Engine engine, String key, String value, String why) {
        Blueprint blueprint = blueprint(engine, key, value).withMemberKeys("decade");
        assertThat(ZooCfg.text(blueprint))
                .isEqualTo(ZooCfg.text(blueprint(engine, "tickTime", "2000").withMemberKeys("decade")));
        assertThat(Ensemble.leftOut(blueprint)).containsOnlyKeys(key);
        assertThat(Ensemble.leftOut(blueprint).get(key)).contains(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PADDOCK   | true  | tickTime                      | 1000
            PADDOCK   | true  | admin.forceHttps              | false
            PADDOCK   | true  | metricsProvider.className     | org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider
            PADDOCK   | true  | metricsProvider.httpPort      | 7000
            PADDOCK   | true  | metricsProvider.httpHost      | 0.0.0.0
            PADDOCK   | true  | metricsProvider.exportJvmInfo | false
            PADDOCK   | true  | observerMasterPort            | 2191
            PADDOCK   | true  | sslQuorum                     | true
            PADDOCK   | true  | portUnification               | false
            PADDOCK   | true  | ssl.quorum.ciphersuites       | TLS_AES_256_GCM_SHA384
            PADDOCK   | true  | ssl.quorum.enabledProtocols   | TLSv1.3
            PADDOCK   | false | sslQuorum                     | false
            PADDOCK   | false | ssl.quorum.keyStore.location  | /keys/of/my/image.pem
            ZOOKEEPER | true  | admin.forceHttps              | true
            ZOOKEEPER | true  | admin.portUnification         | true
            """)
    void allElseIsAsPeopleSay(Engine engine, boolean memberKeys, String key, String value) {
        Blueprint plain = blueprint(engine, key, value);
        Blueprint blueprint = memberKeys ? plain.withMemberKeys("decade") : plain;
        assertThat(ZooCfg.text(blueprint).lines()).contains(key + "=" + value);
        assertThat(Ensemble.leftOut(blueprint)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void metricsAreThereWhateverPeopleSay(Engine engine) {
        assertThat(ZooCfg.text(blueprint(engine, "metricsProvider.className", ""))
                        .lines())
                .contains("metricsProvider.className=" + PROMETHEUS);
    }

    /** Observers that cannot come to the port that they dial would hang on nobody. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PADDOCK   | observerMasterPort           | 2191     | 2191
            ZOOKEEPER | observerMasterPort           | ' 2191 ' | 2191
            PADDOCK   | zookeeper.observerMasterPort | 2191     | 2191
            ZOOKEEPER | zookeeper.observerMasterPort | 2191     |
            PADDOCK   | observerMasterPort           | 0        |
            PADDOCK   | observerMasterPort           | 65536    |
            PADDOCK   | observerMasterPort           | none     |
            PADDOCK   | tickTime                     | 2000     |
            """)
    void membersReachEachOtherWhereFollowersListenForObservers(Engine engine, String key, String value, Integer port) {
        var rules =
                Ensemble.networkPolicy(blueprint(engine, key, value)).getSpec().getIngress();
        assertThat(rules.getFirst().getPorts())
                .extracting(allowed -> allowed.getPort().getIntVal())
                .as("for all")
                .containsExactly(2181, 8080, 7000);
        assertThat(rules.getLast().getPorts())
                .extracting(allowed -> allowed.getPort().getIntVal())
                .as("for members")
                .containsExactly(port == null ? new Integer[] {2888, 3888} : new Integer[] {2888, 3888, port});
    }

    private static Blueprint blueprint(Engine engine, String key, String value) {
        var cluster = new CoordinationCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace("prod");
        cluster.setSpec(new ClusterSpec(3, null, engine, "3.9.5", Map.of(key, value), null, null, null, null, null));
        return Blueprint.of(cluster, Roster.formed(3), "c0ffee", "1.2.3");
    }
}
