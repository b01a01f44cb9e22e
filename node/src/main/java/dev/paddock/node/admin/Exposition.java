package dev.paddock.node.admin;

import java.util.Set;

/**
 * Text in Prometheus' format 0.0.4: families of samples, of which only some may be wanted. A family without a sample that
 * is wanted is not there at all, as in Prometheus' Java client. Used by one thread.
 */
final class Exposition {
    private final StringBuilder text = new StringBuilder(16 << 10);
    private final Set<String> wanted;
    private String head = ""; // of the family whose first sample has not come

    /**
     * Nothing yet.
     *
     * @param wanted names of samples; all are where there are none
     */
    Exposition(Set<String> wanted) {
        this.wanted = wanted;
    }

    /** Begins a family. */
    void family(String name, String type) {
        head = "# HELP " + name + ' ' + name + "\n# TYPE " + name + ' ' + type + '\n';
    }

    /** A family of one sample. */
    void gauge(String name, Number value) {
        family(name, "gauge");
        sample(name, "", value);
    }

    /** Likewise, of what only grows. */
    void counter(String name, Number value) {
        family(name, "counter");
        sample(name, "", value);
    }

    /** A sample with one label. */
    void sample(String name, String label, String of, Number value) {
        sample(name, label(label, of), value);
    }

    /** A sample of the family that was begun last. */
    void sample(String name, String labels, Number value) {
        if (!wanted.isEmpty() && !wanted.contains(name)) return;
        text.append(head).append(name);
        head = "";
        if (!labels.isEmpty()) text.append('{').append(labels).append('}');
        text.append(' ').append(value.doubleValue()).append('\n');
    }

    /** A label; several stand one after the other. A name of a znode may hold anything. */
    static String label(String name, String of) {
        String escaped = of.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return name + "=\"" + escaped + "\",";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
