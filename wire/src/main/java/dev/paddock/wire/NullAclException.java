package dev.paddock.wire;

/** A multi with a create whose ACL is null. Apache ZooKeeper stumbles over it elsewhere than over other malformed bytes. */
public final class NullAclException extends WireException {
    private static final long serialVersionUID = 1L;

    /** Says so. */
    public NullAclException() {
        super("multi.acl: null is not allowed here");
    }
}
