package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What runs in pods of the tests, with nothing but a Java: it knows no more than files. */
public final class PodProgram {
    private static final Path GREETING = Path.of("/etc/app/greeting");

    private PodProgram() {}

    /** Says what is in a file whenever it is another. */
    public static void main(String[] words) throws IOException, InterruptedException {
        String said = "";
        while (true) {
            String now = Files.readString(GREETING);
            if (!now.equals(said)) System.out.println("greeting: " + now);
            said = now;
            Thread.sleep(20);
        }
    }
}
