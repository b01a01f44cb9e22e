# Finds a JDK 25 without starting one. Sourced by ./paddock and ./verify; sets the variable jdk.

is_jdk25() {
    local line
    [[ -n $1 && -x $1/bin/javac && -r $1/release ]] || return 1
    while IFS= read -r line; do
        [[ $line == 'JAVA_VERSION="25'[.\"+-]* ]] && return 0
    done <"$1/release"
    return 1
}

# The first JDK 25 of: $PADDOCK_JAVA_HOME (which must be one), $JAVA_HOME, the java on the PATH, the usual folders.
find_jdk25() {
    local candidate java
    if [[ -n ${PADDOCK_JAVA_HOME:-} ]]; then
        jdk=$PADDOCK_JAVA_HOME
        is_jdk25 "$jdk" && return 0
        echo "${0##*/}: PADDOCK_JAVA_HOME=$jdk is not a JDK 25" >&2
        return 1
    fi
    if is_jdk25 "${JAVA_HOME:-}"; then
        jdk=$JAVA_HOME
        return 0
    fi
    if java=$(type -P java) && java=$(readlink -f "$java") && is_jdk25 "${java%/bin/java}"; then
        jdk=${java%/bin/java}
        return 0
    fi
    for candidate in /usr/lib/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* ~/.sdkman/candidates/java/* ~/.jdks/* \
        ~/.local/share/mise/installs/java/* ~/.asdf/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if is_jdk25 "$candidate"; then
            jdk=$candidate
            return 0
        fi
    done
    echo "${0##*/}: no JDK 25 found; install one (such as Eclipse Temurin 25) or name it in PADDOCK_JAVA_HOME" >&2
    return 1
}
