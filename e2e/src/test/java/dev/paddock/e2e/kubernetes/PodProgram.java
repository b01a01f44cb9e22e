package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What runs in pods of the tests, with nothing but a Java: it knows no more than files and HTTP. */
public final class PodProgram {
    private static final Path GREETING = Path.of("/etc/app/greeting");

    private PodProgram() {}

    /** {@code watch}: says what is in a file whenever it is another; {@code lock NAME}: takes a lock and ends. */
    public static void main(String[] words) throws IOException, InterruptedException {
        if (words[0].equals("lock")) lock(words[1]);
        else watch();
    }

    private static void watch() throws IOException, InterruptedException {
        String said = "";
        while (true) {
            String now = Files.readString(GREETING);
            if (!now.equals(said)) System.out.println("greeting: " + now);
            said = now;
            Thread.sleep(20);
        }
    }

    private static void lock(String name) throws IOException {
        var url = URI.create("http://127.0.0.1:2190/v1/locks/" + name + "?wait=5s")
                .toURL();
        var request = (HttpURLConnection) url.openConnection();
        request.setRequestMethod("PUT");
        request.setDoOutput(true);
        request.setRequestProperty("Content-Type", "application/json");
        try (OutputStream body = request.getOutputStream()) {
            body.write("{\"ttl\":\"30s\"}".getBytes(StandardCharsets.UTF_8));
        }
        System.out.println("lock: " + request.getResponseCode());
    }
}
