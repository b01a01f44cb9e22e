#!/usr/bin/env bash
# Runs a Paddock server where a test harness runs Apache ZooKeeper's script of this name. Never shipped.
#
#   zkServer.sh [--config DIR] {start|start-foreground|stop|restart|status|version|print-cmd} [zoo.cfg]
#
# Environment, as Apache's: ZOOCFGDIR (with java.env in it), ZOOCFG, ZOOPIDFILE, ZOO_LOG_DIR, ZOO_DATADIR_AUTOCREATE_DISABLE,
# JVMFLAGS, SERVER_JVMFLAGS. The JDK is the one that ./paddock finds.
# Exit codes, as Apache's: 1 where it does not start, runs already or does not answer, else 0; in the foreground the server's own.
set -uo pipefail

here=$(cd -P -- "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(cd -P -- "$here/../../../.." && pwd)

if [[ ${1:-} == --config ]]; then
    ZOOCFGDIR=$2
    shift 2
fi
verb=${1:-}
ZOOCFGDIR=${ZOOCFGDIR:-$here/../conf}
config=${2:-${ZOOCFG:-zoo.cfg}}
[[ $config == */* ]] || config=$ZOOCFGDIR/$config
# shellcheck disable=SC1091  # it is the user's
[[ ! -e $ZOOCFGDIR/java.env ]] || . "$ZOOCFGDIR/java.env"

# The last value of a key, without the spaces around it: value KEY [FILE]
value() {
    sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*\(.*[^[:space:]]\)[[:space:]]*$/\1/p" "${2:-$config}" 2>/dev/null | tail -n 1
}

# Sets command: what becomes the server.
prepare() {
    local jdk launch=$root/cli/target/launch built=$root/cli/target/classpath launcher
    # Asked only where something is missing or has changed: the answer takes a JVM.
    [[ $launch/jdk -nt $built && -z $(cd "$root" && find pom.xml ./*/pom.xml ./*/src/main -newer "$built" -print -quit) ]] ||
        "$root/paddock" --version >/dev/null || exit 1 # builds what is missing
    read -r jdk <"$launch/jdk"
    launcher=$(echo "$root"/e2e/target/launcher/*-launcher.jar)
    if [[ ! -f $launcher ]]; then
        echo "zkServer.sh: $launcher is missing; build it: mvn -pl e2e -am process-test-classes -DskipTests" >&2
        exit 1
    fi
    # First what the archive of prepared classes was made with, or it is not taken.
    # shellcheck disable=SC2206  # the flags are words
    command=("$jdk/bin/java" "@$launch/node.args" ${SERVER_JVMFLAGS:-} ${JVMFLAGS:-}
        -cp "$(echo "$root"/cli/target/paddock-cli-*.jar):$(<"$built"):$launcher")
    [[ -z ${ZOO_DATADIR_AUTOCREATE_DISABLE:-} ]] || command+=(-Dzookeeper.datadir.autocreate=false)
    command+=(org.apache.zookeeper.server.quorum.QuorumPeerMain "$config")
}

pid_file() {
    echo "${ZOOPIDFILE:-$(value dataDir)/zookeeper_server.pid}"
}

is_running() {
    [[ -f $1 ]] && kill -0 "$(<"$1")" 2>/dev/null
}

start() {
    local file out
    file=$(pid_file)
    echo -n 'Starting zookeeper ... '
    if is_running "$file"; then
        echo "already running as process $(<"$file")."
        exit 1
    fi
    prepare
    out=${ZOO_LOG_DIR:-$here/../logs}
    mkdir -p "$out" "$(dirname "$file")"
    nohup "${command[@]}" >"$out/zookeeper-${USER:-}-server-${HOSTNAME:-}.out" 2>&1 </dev/null &
    echo -n $! >"$file"
    sleep 1
    if ! is_running "$file"; then
        echo 'FAILED TO START'
        exit 1
    fi
    echo STARTED
}

stop() {
    local file
    file=$(pid_file)
    echo -n 'Stopping zookeeper ... '
    if [[ ! -f $file ]]; then
        echo "no zookeeper to stop (could not find file $file)"
        return
    fi
    kill "$(<"$file")"
    rm "$file"
    sleep 1
    echo STOPPED
}

# Where plain clients connect, as HOST:PORT: the keys of the port, or this server's own line, which may stand in another file.
client_address() {
    local port file member
    port=$(value clientPort)
    if [[ -n $port ]]; then
        echo "$(value clientPortAddress):$port"
        return
    fi
    for file in "$config" "$(value dynamicConfigFile)"; do
        member=$(value "server\.$(cat "$(value dataDir)/myid" 2>/dev/null)" "$file")
        [[ $member != *';'* ]] || echo "${member##*;}"
    done | tail -n 1
}

# Asks the server itself by the four letter word srvr.
status() {
    local address host port mode
    address=$(client_address)
    port=${address##*:}
    host=${address%"$port"}
    host=${host%:}
    host=${host:-localhost}
    if [[ -z $port ]]; then
        echo 'Unable to find either secure or unsecure client port in any configs. Terminating.'
        exit 1
    fi
    echo "Client port found: $port. Client address: $host. Client SSL: false."
    mode=$(exec 3<>"/dev/tcp/$host/$port" && echo -n srvr >&3 && timeout 10 grep -a Mode <&3) 2>/dev/null
    if [[ -z $mode ]]; then
        echo 'Error contacting service. It is probably not running.'
        exit 1
    fi
    echo "$mode"
}

case $verb in
    start | start-foreground | stop | restart | status | print-cmd) echo "Using config: $config" >&2 ;;
esac
case $verb in
    start) start ;;
    start-foreground)
        prepare
        exec "${command[@]}"
        ;;
    stop) stop ;;
    restart)
        stop
        sleep 3
        start
        ;;
    status) status ;;
    version)
        "$root/paddock" --version
        ;;
    print-cmd)
        prepare
        printf '"%s" ' "${command[@]}"
        echo
        ;;
    *)
        echo "Usage: $0 [--config <conf-dir>] {start|start-foreground|stop|version|restart|status|print-cmd}" >&2
        ;;
esac
