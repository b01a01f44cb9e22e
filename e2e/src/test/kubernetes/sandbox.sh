# The first process of a lab, in namespaces of its own for mounts, network and processes: sandbox.sh FOLDER BRIDGE_ADDRESS
# It lives as long as its standard input is open; with it go all processes of the lab, its mounts and its network.
set -euo pipefail
folder=$1
bridge=$2

mount --make-rshared / # what kubelet mounts, containers are to see
# Programs have fixed places for sockets, locks and logs.
mount -t tmpfs -o mode=755 lab /run
mount --bind "$folder/log" /var/log
# Kubelet insists on how the whole machine behaves at a panic. It is shown files of the lab that say so.
pretend() {
    echo "$2" >"/run/pretended-${1##*/}"
    mount --bind "/run/pretended-${1##*/}" "/proc/sys/$1"
}
pretend kernel/panic 10
pretend kernel/panic_on_oops 1
pretend vm/overcommit_memory 1
ip link set lo up
ip link add cni0 type bridge
ip address add "$bridge/24" dev cni0
ip link set cni0 up
echo 1 >/proc/sys/net/ipv4/ip_forward
echo ready
read -r _ || true
