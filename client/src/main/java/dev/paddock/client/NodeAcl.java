package dev.paddock.client;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Stat;
import java.util.List;

/** A znode's access control list and stat. */
public record NodeAcl(List<Acl> acl, Stat stat) {}
