package dev.paddock.node.net;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The commands that a bare connection to the client port may send in place of a first frame, as Apache ZooKeeper 3.9. */
enum FourLetterWord {
    CONF,
    CONS,
    CRST,
    DIRS,
    DUMP,
    ENVI,
    GTMK,
    HASH,
    ISRO,
    MNTR,
    RUOK,
    SRST,
    SRVR,
    STAT,
    STMK,
    WCHC,
    WCHP,
    WCHS;

    private static final FourLetterWord[] ALL = values();

    private final int code;

    FourLetterWord() {
        byte[] ascii = word().getBytes(StandardCharsets.US_ASCII);
        this.code = ascii[0] << 24 | ascii[1] << 16 | ascii[2] << 8 | ascii[3];
    }

    /** As it is sent. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The word that these four bytes spell; null if they spell none. */
    static @Nullable FourLetterWord of(int firstBytes) {
        for (FourLetterWord word : ALL) {
            if (word.code == firstBytes) {
                return word;
            }
        }
        return null;
    }

    /** How many bytes its argument has, which follows it. */
    int argumentBytes() {
        return this == STMK ? Long.BYTES : 0;
    }

    /** Whether its answer grows with the number of clients. */
    boolean isLong() {
        return switch (this) {
            case CONS, DUMP, STAT, WCHC, WCHP -> true;
            case CONF, CRST, DIRS, ENVI, GTMK, HASH, ISRO, MNTR, RUOK, SRST, SRVR, STMK, WCHS -> false;
        };
    }
}
