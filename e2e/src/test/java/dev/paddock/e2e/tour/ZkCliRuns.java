package dev.paddock.e2e.tour;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.ZooKeeperMain;
import org.apache.zookeeper.util.ServiceUtils;

/**
 * {@code zkCli.sh -server HOST:PORT COMMAND} for each line of standard input, each with a session of its own, in one JVM:
 * forty starts of one would take longer than all tours.
 */
final class ZkCliRuns {
    private ZkCliRuns() {}

    private static final class Run extends ZooKeeperMain {
        Run(String[] arguments) throws IOException, InterruptedException {
            super(arguments);
        }

        void run() throws Exception {
            processCmd(cl);
            System.out.println("exit code " + exitCode);
            zk.close();
        }
    }

    public static void main(String[] server) throws Exception {
        ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY);
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            System.out.println("$ zkCli " + command);
            List<String> arguments = new ArrayList<>(List.of("-server", server[0]));
            arguments.addAll(Arrays.asList(command.split(" ", -1)));
            new Run(arguments.toArray(String[]::new)).run();
        }
    }
}
