package dev.paddock.wire.golden;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.zookeeper.util.ServiceUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Records the golden vectors anew, about a minute: {@code mvn test -pl wire -Dtest=GoldenRecorder -Dgolden.record=true}. Times, ids and checksums differ from run to
 * run, the shape does not.
 */
@EnabledIfSystemProperty(named = "golden.record", matches = "true", disabledReason = "the vectors are checked in")
final class GoldenRecorder {
    @Test
    void record() throws Exception {
        main(System.getProperty("paddock.root") + "/wire/src/test/resources/golden");
    }

    /** Writes all files into the folder given. */
    static void main(String... args) throws Exception {
        System.setProperty("zookeeper.extendedTypesEnabled", "true");
        System.setProperty("zookeeper.skipACL", "yes");
        System.setProperty("zookeeper.admin.enableServer", "false");
        System.setProperty("zookeeper.fips-mode", "false"); // allows DIGEST-MD5
        System.setProperty("zookeeper.authProvider.1", "org.apache.zookeeper.server.auth.SASLAuthenticationProvider");
        System.setProperty("zookeeper.preAllocSize", "64");
        ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY);
        Path folder = Path.of(args[0]);
        Path work = Files.createTempDirectory("golden");
        var client = new ClientVectors();
        var txns = new TxnVectors();
        StandaloneScript.run(work.resolve("standalone"), client, txns);
        var quorum = new QuorumVectors();
        var elections = new ElectionVectors();
        EnsembleScript.run(work, client, quorum, elections, txns);
        Vector.writeFile(folder.resolve("election.txt"), "Election port", elections.all());
        Vector.writeFile(folder.resolve("quorum.txt"), "Quorum port", quorum.all());
        Vector.writeFile(folder.resolve("client.txt"), "Client port", client.all());
        Vector.writeFile(folder.resolve("txn.txt"), "Transaction log payloads", txns.all());
    }
}
