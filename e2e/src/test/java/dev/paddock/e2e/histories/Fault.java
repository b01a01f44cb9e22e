package dev.paddock.e2e.histories;

/** What is done to the servers, for a while. */
sealed interface Fault {
    /** Whom it strikes, as things are at that time. */
    enum Role {
        LEADER("the leader"),
        FOLLOWER("a follower");

        private final String words;

        Role(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Which ways between some servers and the others are cut. */
    enum Ways {
        BOTH("both ways"),
        OUT("what it sends"),
        IN("what it is sent");

        private final String words;

        Ways(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** {@code kill -9}; started again at the end. */
    record Kill(Role whom) implements Fault {
        @Override
        public String toString() {
            return "kill -9 of " + whom;
        }
    }

    /** All of them at once. */
    record KillAll() implements Fault {
        @Override
        public String toString() {
            return "kill -9 of all";
        }
    }

    /** {@code kill -STOP}, and {@code -CONT} at the end. */
    record Pause(Role whom) implements Fault {
        @Override
        public String toString() {
            return "kill -STOP of " + whom;
        }
    }

    /**
     * Cuts a server off from the others.
     *
     * @param isWithAnother whether one other is on its side, in an ensemble of more than three
     * @param breaks        whether its connections end at once; otherwise nobody is told
     */
    record Cut(Role whom, boolean isWithAnother, Ways ways, boolean breaks) implements Fault {
        @Override
        public String toString() {
            String side = isWithAnother ? whom + " and, of five, one more" : whom.toString();
            return side + " cut off: " + ways + (breaks ? ", broken" : ", silently");
        }
    }

    /** Cuts the link of two servers, both ways. */
    record CutLink(Role one, boolean breaks) implements Fault {
        @Override
        public String toString() {
            return one + " cut off from one other" + (breaks ? ", broken" : ", silently");
        }
    }

    /** Each force of a file fails with EIO, as on a disk that breaks; the server, which stops itself then, is started again at the end. */
    record BreakDisk(Role whom) implements Fault {
        @Override
        public String toString() {
            return "broken disk of " + whom;
        }
    }

    /** Each force of a file takes a while. */
    record SlowDisk(Role whom) implements Fault {
        @Override
        public String toString() {
            return "slow disk of " + whom;
        }
    }

    /** Somebody else fills the disk to the last byte, and makes room again at the end. */
    record FillDisk(Role whom) implements Fault {
        @Override
        public String toString() {
            return "full disk of " + whom;
        }
    }

    /** The clock of the day jumps, and back at the end. */
    record SetClock(Role whom, int seconds) implements Fault {
        @Override
        public String toString() {
            return "clock of " + whom + " set by " + seconds + " s";
        }
    }

    /** Taken out of the ensemble by a reconfig; added again at the end. */
    record Remove(Role whom) implements Fault {
        @Override
        public String toString() {
            return "reconfig without " + whom;
        }
    }
}
