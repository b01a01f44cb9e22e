package dev.paddock.node.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Asks four letter words, and takes out of their answers what differs from run to run. */
final class Words {
    static final String[] ALL = {
        "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "ruok", "srvr", "srst", "stat", "wchc", "wchp", "wchs",
        "mntr", "isro", "hash"
    };

    private Words() {}

    /** What a server says to these bytes, each string in a segment of its own. */
    static String ask(int port, String... segments) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            for (String segment : segments) {
                socket.getOutputStream().write(segment.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What is left of an answer when its values are masked; where its lines come in no order, they are sorted. */
    static String layout(String word, String answer) {
        String masked = answer.replaceAll("(?m)^(Zookeeper version: |zookeeper.version=).*$", "$1V")
                .replaceAll("(?m)^0 expire at .*\n", "") // Apache keeps empty sets for a while
                .replaceAll("(?<=Sets \\()\\d+", "N")
                .replaceAll(" expire at [A-Z].*:", " expire at DATE:")
                .replaceAll("(?m)^(dataDir|dataLogDir)=/.*/version-2$", "$1=FOLDER/version-2")
                .replaceAll("127\\.0\\.0\\.1:\\d+(:\\d+)?", "ADDRESS")
                .replaceAll("0x[0-9a-f]+", "HEX")
                .replaceAll("(?<=(lat|est|lresp|recved|sent)=)\\d+", "N")
                .replaceAll("lcxid=HEX,", "") // shown once there was a request
                .replaceAll("(?<=lop=)[A-Z]+", "OP")
                .replaceAll("\\d+\\.\\d+", "N.N")
                .replaceAll("(?m)^(dataDirSize=|dataLogSize=|clientPort=|electionPort=|quorumPort=).*$", "$1N")
                .replaceAll("(?m)^(Received|Sent|Connections|Outstanding|datadir_size|logdir_size): -?\\d+$", "$1: N")
                .replaceAll("(?<=min/avg/max: ).*", "N/N.N/N")
                .replaceAll("(?<=last/min/max: ).*", "N/N/N");
        return switch (word) {
            case "envi" -> masked.replaceAll("(?m)=.*$", "=");
            case "cons", "stat", "wchc", "wchp" -> sorted(masked);
            case "dump" -> // who came a moment later may be in another set
                sorted(masked.replaceAll("(?m)^\\d+ expire at DATE:\n", "")) + masked.contains("expire at DATE:");
            default -> masked;
        };
    }

    private static String sorted(String text) {
        return text.lines().sorted().collect(Collectors.joining("\n"));
    }
}
