package dev.paddock.cli.files;

import dev.paddock.cli.CommandFailed;
import dev.paddock.node.log.DataFiles;
import dev.paddock.node.log.Replay;
import dev.paddock.node.tree.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A state that somebody names: {@code FILE}, {@code FOLDER}, or one of these with {@code @ZXID} behind it. Used once. */
final class State {
    private static final long NEWEST = Long.MAX_VALUE;

    private final Path path;
    private final long zxid; // NEWEST if none is named
    private final List<String> notes = new ArrayList<>();

    private State(Path path, long zxid) {
        this.path = path;
        this.zxid = zxid;
    }

    static State of(String name) {
        int at = name.lastIndexOf('@');
        boolean isDated = at > 0 && ZxidText.isZxid(name.substring(at + 1)) && !Files.exists(Path.of(name));
        State state = isDated
                ? new State(Path.of(name.substring(0, at)), ZxidText.parse(name.substring(at + 1)))
                : new State(Path.of(name), NEWEST);
        if (!Files.exists(state.path)) throw new CommandFailed(state.path + " is not there");
        return state;
    }

    Database load(Meter meter) throws IOException {
        var replay = new Replay(Offline.RULES, meter);
        if (Files.isRegularFile(path)) ofFile(replay);
        else ofFolder(replay);
        notes.addAll(replay.notes());
        Database database = replay.database();
        if (zxid != NEWEST && database.lastZxid() < zxid) {
            throw new CommandFailed(
                    path + " goes up to " + Values.hex(database.lastZxid()) + ", not to " + Values.hex(zxid));
        }
        return database;
    }

    private void ofFile(Replay replay) throws IOException {
        DataFiles file = DataFiles.ofSnapshot(path);
        replay.load(file.folder(), Offline.newest(file));
        if (zxid == NEWEST) return;
        if (replay.database().lastZxid() > zxid) {
            throw new CommandFailed(
                    path + " is of " + Values.hex(replay.database().lastZxid()) + ", after " + Values.hex(zxid));
        }
        replay.replay(DataFiles.of(file.folder().path("")), zxid);
    }

    private void ofFolder(Replay replay) throws IOException {
        DataFiles files = Offline.folder(path);
        replay.loadBefore(files, files, zxid);
        if (files.logs().isEmpty()) notes.add("no log is there, so this is the state of its newest snapshot");
        replay.replay(files, zxid);
    }

    /** What is to be known of it, one sentence each. */
    List<String> notes() {
        return List.copyOf(notes);
    }
}
