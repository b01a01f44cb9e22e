package dev.paddock.node.admin;

import dev.paddock.node.front.AuthConfig;
import dev.paddock.node.front.Authentication;
import dev.paddock.node.front.Authentication.Proof;
import dev.paddock.node.request.AclRules;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what. As in Apache ZooKeeper 3.9.5, snapshots need {@code Authorization: digest user:password} of somebody
 * with all permissions on the root. Other than there, an open root is not enough from another machine, and setting counts
 * back is for this machine, or for who has that authorization.
 */
final class Gate {
    private static final int ALL_PERMS = 5; // read, write, create, delete, admin: one bit each

    private final Authentication authentication;
    private final AclRules rules;

    Gate(AuthConfig config) {
        this.authentication = new Authentication(config);
        this.rules = new AclRules(config.schemes());
    }

    /** Why a harmless change is refused; empty if it is not. */
    Optional<Answer> refusalToReset(String command, Caller caller, List<Acl> ofRoot) {
        if (caller.isAtTheMachine() && caller.authorization().isEmpty()) {
            return Optional.empty();
        }
        return refusal(command, caller, ofRoot);
    }

    /** Why a change is refused; empty if it is not. */
    Optional<Answer> refusal(String command, Caller caller, List<Acl> ofRoot) {
        if (caller.isFromPage()) {
            return Optional.of(Answer.error(403, command, "Not for pages of a browser"));
        }
        if (caller.authorization().isEmpty()) {
            return Optional.of(Answer.error(401, command, "Auth info is missing for the command"));
        }
        List<Id> ids = ids(caller, caller.authorization().get());
        if (ids.isEmpty()) {
            return Optional.of(Answer.error(401, command, "Not authenticated"));
        }
        if (!mayDoAll(caller, ids, ofRoot)) {
            return Optional.of(Answer.error(403, command, "Not authorized"));
        }
        return Optional.empty();
    }

    private List<Id> ids(Caller caller, String authorization) {
        String[] parts = authorization.split(" ", -1);
        if (parts.length > 2) {
            return List.of();
        }
        byte[] token = parts.length == 2 ? parts[1].getBytes(StandardCharsets.UTF_8) : null;
        Proof proof = authentication.prove(parts[0], token, caller.address().getHostAddress(), List.of());
        return proof instanceof Proof.Accepted(List<Id> ids) ? ids : List.of();
    }

    private boolean mayDoAll(Caller caller, List<Id> ids, List<Acl> ofRoot) {
        List<Acl> counted = caller.isLocal()
                ? ofRoot
                : ofRoot.stream()
                        .filter(acl -> !acl.id().scheme().equals("world"))
                        .toList();
        if (counted.isEmpty()) { // which would permit everything to everybody
            return ids.stream().anyMatch(id -> id.scheme().equals("super"));
        }
        for (int bit = 0; bit < ALL_PERMS; bit++) {
            if (!rules.permits(counted, 1 << bit, ids)) {
                return false;
            }
        }
        return true;
    }
}
