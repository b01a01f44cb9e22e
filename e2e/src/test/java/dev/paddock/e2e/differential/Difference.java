package dev.paddock.e2e.differential;

import java.util.List;

/**
 * The first place where the two were not alike.
 *
 * @param step    of the stream; those after its end are the closing of what is left, and the tree
 * @param at      which thing heard in that step
 */
record Difference(int step, int at, List<Heard> apache, List<Heard> paddock) {
    @Override
    public String toString() {
        var text = new StringBuilder("step " + step + ", heard " + at + "\n");
        side(text, "apache ", apache);
        side(text, "paddock", paddock);
        return text.toString();
    }

    /** What one of the two heard where they part. */
    String shown(List<Heard> heard) {
        return at < heard.size() ? heard.get(at).frame().toString() : "nothing";
    }

    private void side(StringBuilder text, String who, List<Heard> heard) {
        for (int i = Math.max(0, at - 3); i < Math.min(heard.size(), at + 3); i++) {
            Heard each = heard.get(i);
            text.append(i == at ? " > " : "   ")
                    .append(who)
                    .append(" slot ")
                    .append(each.slot())
                    .append(": ");
            text.append(each.frame()).append('\n');
            if (i == at && each.frame().ask() != null)
                text.append("     asked ").append(each.frame().ask()).append('\n');
        }
        if (at >= heard.size()) text.append(" > ").append(who).append(" nothing\n");
    }
}
