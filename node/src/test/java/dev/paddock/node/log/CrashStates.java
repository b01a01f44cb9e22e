package dev.paddock.node.log;

import dev.paddock.node.log.PowerLoss.Length;
import dev.paddock.node.log.PowerLoss.Name;
import dev.paddock.node.log.PowerLoss.Sector;
import dev.paddock.node.log.PowerLoss.Unforced;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The states that a power loss at one moment is tried with: each kind of them in full, and some others by dice. */
final class CrashStates {
    private static final int BY_DICE = 4;

    /** What becomes of what was not forced. */
    enum Kind {
        LOST,
        KEPT,
        TORN,
        REORDERED,
        ENTRY_LOST,
        BY_DICE
    }

    private final List<Unforced> unforced;
    private final BiConsumer<Kind, BitSet> out;

    private CrashStates(List<Unforced> unforced, BiConsumer<Kind, BitSet> out) {
        this.unforced = unforced;
        this.out = out;
    }

    /** Tells what of these is kept in each. */
    static void each(List<Unforced> unforced, Random random, BiConsumer<Kind, BitSet> out) {
        new CrashStates(unforced, out).tell(random);
    }

    private void tell(Random random) {
        out.accept(Kind.LOST, new BitSet());
        out.accept(Kind.KEPT, all());
        out.accept(Kind.REORDERED, those(Name.class::isInstance)); // names before bytes
        out.accept(Kind.REORDERED, those(it -> !(it instanceof Name)));
        for (int i = 0; i < unforced.size(); i++) {
            switch (unforced.get(i)) {
                case Name _ -> {
                    out.accept(Kind.ENTRY_LOST, allBut(i));
                    out.accept(Kind.REORDERED, only(i));
                }
                case Length _ -> out.accept(Kind.TORN, allBut(i));
                case Sector sector -> {
                    out.accept(Kind.TORN, tornBefore(sector, all()));
                    out.accept(Kind.TORN, tornBefore(sector, those(it -> isOf(sector.file(), it))));
                    out.accept(Kind.REORDERED, allBut(i));
                    out.accept(Kind.REORDERED, those(it -> it instanceof Length, i));
                }
            }
        }
        for (int n = 0; n < BY_DICE; n++) {
            BitSet some = new BitSet();
            for (int i = 0; i < unforced.size(); i++) some.set(i, random.nextBoolean());
            out.accept(Kind.BY_DICE, some);
        }
    }

    private static boolean isOf(int file, Unforced it) {
        return switch (it) {
            case Name _ -> false;
            case Length length -> length.file() == file;
            case Sector sector -> sector.file() == file;
        };
    }

    private BitSet all() {
        BitSet all = new BitSet();
        all.set(0, unforced.size());
        return all;
    }

    private BitSet allBut(int one) {
        BitSet most = all();
        most.clear(one);
        return most;
    }

    private static BitSet only(int one) {
        BitSet kept = new BitSet();
        kept.set(one);
        return kept;
    }

    private BitSet those(Predicate<Unforced> kept) {
        BitSet some = new BitSet();
        for (int i = 0; i < unforced.size(); i++) some.set(i, kept.test(unforced.get(i)));
        return some;
    }

    private BitSet those(Predicate<Unforced> kept, int one) {
        BitSet some = those(kept);
        some.set(one);
        return some;
    }

    /** These, but of one file nothing from a sector on. */
    private BitSet tornBefore(Sector sector, BitSet these) {
        for (int i = 0; i < unforced.size(); i++) {
            boolean isBehind = unforced.get(i) instanceof Sector other
                    && other.file() == sector.file()
                    && other.number() >= sector.number();
            if (isBehind) these.clear(i);
        }
        return these;
    }
}
