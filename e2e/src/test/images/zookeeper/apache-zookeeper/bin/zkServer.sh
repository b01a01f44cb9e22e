#!/bin/bash
# Of Apache ZooKeeper's script of this name, what a container needs: start-foreground, and a file in $ZOOCFGDIR or with its path.
set -e

[[ $1 == start-foreground ]] || {
    echo "Usage: $0 start-foreground [FILE]" >&2
    exit 1
}
config=${2:-zoo.cfg}
[[ $config == */* ]] || config=$ZOOCFGDIR/$config
[[ -w $ZOO_LOG_DIR ]] || {
    echo "$ZOO_LOG_DIR cannot be written" >&2
    exit 1
}
echo "Using config: $config" >&2

# shellcheck disable=SC2086  # the flags are words
exec java "-Xmx${ZK_SERVER_HEAP:-1000}m" ${SERVER_JVMFLAGS:-} "-Dzookeeper.log.dir=$ZOO_LOG_DIR" \
    -cp "$ZOOCFGDIR:/apache-zookeeper/lib/*" org.apache.zookeeper.server.quorum.QuorumPeerMain "$config"
