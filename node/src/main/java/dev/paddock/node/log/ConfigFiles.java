package dev.paddock.node.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The files in which a server keeps who the members are where clients may change that; names and contents are those of
 * Apache ZooKeeper 3.9. Beside {@code zoo.cfg} lies {@code zoo.cfg.dynamic.<version>}, which {@code dynamicConfigFile}
 * names. Each file is replaced in one durable step, {@code zoo.cfg} after what it names. A configuration that is proposed
 * and not yet committed is in the log; of {@code zoo.cfg.dynamic.next}, where Apache has it, only what Apache left is
 * deleted. Owned by the disk thread.
 */
public final class ConfigFiles {
    private static final String DYNAMIC = ".dynamic.";
    private static final String NEXT = DYNAMIC + "next";
    private static final String BACKUP = ".bak";

    private final DiskFolder folder;
    private final String name; // of zoo.cfg
    private final long self;

    private ConfigFiles(DiskFolder folder, String name, long self) {
        this.folder = folder;
        this.name = name;
        this.self = self;
    }

    /**
     * The files of one server.
     *
     * @param zooCfg an existing file
     * @param self   sid of this server
     */
    public static ConfigFiles of(Path zooCfg, long self) throws IOException {
        Path absolute = zooCfg.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null) throw new IOException(zooCfg + " is no file");
        return new ConfigFiles(DiskFolder.open(parent), absolute.getFileName().toString(), self);
    }

    /**
     * Keeps what is committed: this server starts with it from now on. The first time, the members move out of
     * {@code zoo.cfg}, which remains as {@code zoo.cfg.bak}. Until one names this server, {@code zoo.cfg} stays as it is: a
     * server that is to join, and learns of members without it, could not start again. Returns when it would survive a crash.
     */
    public void committed(Members members) throws IOException {
        String old = read(name);
        var lines = new StaticLines(old);
        boolean isFirst = !lines.has("dynamicConfigFile");
        if (isFirst && !members.servers().containsKey(self)) return;
        String dynamic = name + DYNAMIC + Long.toHexString(members.version());
        String all = members.text();
        replace(dynamic, sorted(all.substring(0, all.lastIndexOf('\n') + 1))); // the version is in the name alone
        if (isFirst) replace(name + BACKUP, old);
        boolean listensWhereItsLineSays = Optional.ofNullable(members.servers().get(self))
                .flatMap(ServerSpec::client)
                .isPresent();
        replace(name, lines.withDynamicFile(folder.path(dynamic).toString(), listensWhereItsLineSays));
        forget(members.version());
    }

    /** Deletes what Apache ZooKeeper kept of a proposal, unless it is newer than this version. */
    private void forget(long version) throws IOException {
        if (!folder.names().contains(name + NEXT) || proposed() > version) return;
        folder.delete(name + NEXT);
        folder.force();
    }

    private long proposed() throws IOException {
        try {
            return Members.parse(read(name + NEXT)).version();
        } catch (IllegalArgumentException e) {
            return Long.MIN_VALUE; // whoever wrote it, it is of no use
        }
    }

    private static String sorted(String text) {
        return text.lines().sorted().collect(Collectors.joining("\n"));
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.path(file), ISO_8859_1); // byte by byte: what is not ours stays as it is
    }

    private void replace(String file, String text) throws IOException {
        String aside = file + FileNames.UNFINISHED;
        if (folder.names().contains(aside)) folder.delete(aside);
        try (StoredFile out = folder.create(aside)) {
            readableAs(folder.path(name), folder.path(aside)); // before anything is in it: zoo.cfg may hold passwords
            out.write(ByteBuffer.wrap(text.getBytes(ISO_8859_1)), 0);
            out.force();
        }
        folder.rename(aside, file);
        folder.force();
    }

    private static void readableAs(Path from, Path to) throws IOException {
        var view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view != null) view.setPermissions(Files.getPosixFilePermissions(from));
    }
}
