package dev.paddock.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Formatter;
import java.util.Locale;

/** What a run came to, for people and for programs. */
public final class Report {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double MILLIS_PER_SECOND = 1e3;

    private Report() {}

    /** A table, ready to print. */
    public static String table(BenchPlan plan, BenchResult result) {
        var text = new Formatter(Locale.ROOT);
        text.format(
                "%s: %d connections, depth %d, %d znodes of %d bytes, %.1f s after %s s of warm-up%n",
                plan.workload(),
                plan.connections(),
                plan.depth(),
                plan.znodes(),
                plan.size(),
                result.seconds(),
                seconds(plan.warmup()));
        text.format("%n");
        text.format("%12s %12s %12s %12s%n", "ops/s", "p50 ms", "p99 ms", "errors");
        text.format(
                "%12.0f %12.3f %12.3f %12d%n",
                result.operationsPerSecond(),
                result.p50Nanos() / NANOS_PER_MILLI,
                result.p99Nanos() / NANOS_PER_MILLI,
                result.errors());
        if (result.errors() > 0) text.format("first error: %s%n", result.firstError());
        usage(text, result);
        return text.toString();
    }

    private static void usage(Formatter text, BenchResult result) {
        text.format("%n");
        text.format("%-12s %12s %12s %12s%n", "process", "CPU s", "per 1M ops", "RSS MiB");
        double cpuSeconds = 0;
        for (ProcessUsage server : result.servers()) {
            cpuSeconds += server.cpuSeconds();
            processLine(text, Long.toString(server.pid()), server.cpuSeconds(), result, server.residentBytes());
        }
        if (result.servers().size() > 1) processLine(text, "all servers", cpuSeconds, result, result.residentBytes());
        text.format(
                "%-12s %12.2f %12.2f%n",
                "this bench", result.generatorCpuSeconds(), result.perMillion(result.generatorCpuSeconds()));
    }

    private static void processLine(Formatter text, String name, double cpuSeconds, BenchResult result, long rss) {
        text.format(
                "%-12s %12.2f %12.2f %12.0f%n", name, cpuSeconds, result.perMillion(cpuSeconds), rss / BYTES_PER_MIB);
    }

    private static String seconds(Duration duration) {
        double seconds = duration.toMillis() / MILLIS_PER_SECOND;
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }

    /** One line of JSON. Latencies are in milliseconds, memory in bytes; {@code servers} is empty when no process was named. */
    public static String json(BenchPlan plan, BenchResult result) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("workload", plan.workload().toString());
        json.put("connections", plan.connections()).put("depth", plan.depth());
        json.put("znodes", plan.znodes()).put("size", plan.size());
        json.put("seconds", result.seconds()).put("operations", result.operations());
        json.put("operationsPerSecond", result.operationsPerSecond());
        json.put("p50Millis", result.p50Nanos() / NANOS_PER_MILLI);
        json.put("p99Millis", result.p99Nanos() / NANOS_PER_MILLI);
        json.put("errors", result.errors());
        if (result.errors() > 0) json.put("firstError", result.firstError());
        ArrayNode servers = json.putArray("servers");
        for (ProcessUsage server : result.servers()) {
            servers.addObject()
                    .put("pid", server.pid())
                    .put("cpuSeconds", server.cpuSeconds())
                    .put("cpuSecondsPerMillion", result.perMillion(server.cpuSeconds()))
                    .put("residentBytes", server.residentBytes());
        }
        json.put("generatorCpuSeconds", result.generatorCpuSeconds());
        return json.toString();
    }
}
