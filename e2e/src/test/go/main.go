// The Go client on tour: says line by line what it asked and what it was told. Usage: go-tour HOST:PORT
package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"
)

const root = "/go-tour"

var open = zk.WorldACL(zk.PermAll)

type silent struct{}

func (silent) Printf(string, ...interface{}) {}

func stat(s *zk.Stat) string {
	if s == nil {
		return "no stat"
	}
	return fmt.Sprintf("czxid=%d mzxid=%d pzxid=%d ctime=%d mtime=%d version=%d cversion=%d aversion=%d ephemeralOwner=%d dataLength=%d numChildren=%d",
		s.Czxid, s.Mzxid, s.Pzxid, s.Ctime, s.Mtime, s.Version, s.Cversion, s.Aversion, s.EphemeralOwner, s.DataLength, s.NumChildren)
}

func say(what string, err error, answer ...interface{}) {
	if err != nil {
		fmt.Println(what, "->", err)
		return
	}
	fmt.Println(append([]interface{}{what, "->"}, answer...)...)
}

// The event is on its way before the answer to the write that caused it, but through another channel.
func hear(what string, events <-chan zk.Event) {
	select {
	case event := <-events:
		fmt.Println(what, "hears", event.Type, event.Path, event.State, event.Err)
	case <-time.After(60 * time.Second):
		fmt.Println(what, "hears nothing")
		os.Exit(1)
	}
}

func connect(server string) *zk.Conn {
	conn, events, err := zk.Connect([]string{server}, 30*time.Second, zk.WithLogger(silent{}))
	if err != nil {
		fmt.Println("cannot connect", err)
		os.Exit(1)
	}
	for event := range events {
		if event.State == zk.StateHasSession {
			break
		}
	}
	return conn
}

func creates(conn *zk.Conn) {
	create := func(name string, flags int32) {
		path, err := conn.Create(root+name, []byte("data"), flags, open)
		say(fmt.Sprint("create ", name, " ", flags), err, path)
	}
	create("", 0)
	create("", 0)
	create("/a", 0)
	create("/e", zk.FlagEphemeral)
	create("/s-", zk.FlagSequence)
	create("/es-", zk.FlagEphemeral|zk.FlagSequence)
	create("/e/child", 0)
	create("/none/child", 0)
	create("/wrong/", 0)
	path, err := conn.CreateContainer(root+"/c", nil, zk.FlagTTL, open)
	say("container", err, path)
	path, err = conn.CreateTTL(root+"/t", nil, zk.FlagTTL, open, time.Minute)
	say("ttl", err, path)
	path, err = conn.CreateTTL(root+"/t-", nil, zk.FlagTTL|zk.FlagSequence, open, time.Minute)
	say("ttl and sequence", err, path)
	path, err = conn.CreateProtectedEphemeralSequential(root+"/p-", nil, open)
	say("protected", err, path[strings.LastIndex(path, "p-"):])
	_, err = conn.Create(root+"/noacl", nil, 0, nil)
	say("no ACL", err)
}

func readsAndWrites(conn *zk.Conn) {
	data, s, err := conn.Get(root + "/a")
	say("get", err, string(data), stat(s))
	_, _, err = conn.Get(root + "/none")
	say("get none", err)
	found, s, err := conn.Exists(root + "/a")
	say("exists", err, found, stat(s))
	found, s, err = conn.Exists(root + "/none")
	say("exists none", err, found, stat(s))
	s, err = conn.Set(root+"/a", []byte("new"), 0)
	say("set", err, stat(s))
	_, err = conn.Set(root+"/a", []byte("stale"), 0)
	say("set stale", err)
	s, err = conn.Set(root+"/a", nil, -1)
	say("set nothing", err, stat(s))
	_, err = conn.Set(root+"/none", nil, -1)
	say("set none", err)
	big := make([]byte, 1_000_000)
	s, err = conn.Set(root+"/a", big, -1)
	say("set big", err, stat(s))
	data, _, err = conn.Get(root + "/a")
	say("get big", err, len(data))
	names, s, err := conn.Children(root)
	sort.Strings(names)
	for i, name := range names {
		if at := strings.Index(name, "p-"); at >= 0 {
			names[i] = name[at:]
		}
	}
	sort.Strings(names)
	say("children", err, names, stat(s))
	_, _, err = conn.Children(root + "/none")
	say("children of none", err)
	path, err := conn.Sync(root)
	say("sync", err, path)
	say("delete not empty", conn.Delete(root, -1))
	say("delete stale", conn.Delete(root+"/a", 1))
	say("delete", conn.Delete(root+"/a", -1))
	say("delete again", conn.Delete(root+"/a", -1))
}

func acls(conn *zk.Conn) {
	_, err := conn.Create(root+"/mine", nil, 0, zk.AuthACL(zk.PermAll))
	say("create as nobody", err)
	say("auth", conn.AddAuth("digest", []byte("ann:secret")))
	_, err = conn.Create(root+"/mine", nil, 0, zk.AuthACL(zk.PermAll))
	say("create", err)
	_, err = conn.Create(root+"/digest", nil, 0, zk.DigestACL(zk.PermRead, "bob", "secret"))
	say("create for another", err)
	for _, path := range []string{root + "/mine", root + "/digest", root + "/none", "/"} {
		acl, s, err := conn.GetACL(path)
		say("ACL of "+path, err, acl, stat(s))
	}
	_, _, err = conn.Get(root + "/digest")
	say("get without right", err)
	s, err := conn.SetACL(root+"/mine", open, 0)
	say("set ACL", err, stat(s))
	_, err = conn.SetACL(root+"/mine", open, 0)
	say("set ACL stale", err)
	_, err = conn.SetACL(root+"/mine", []zk.ACL{{Perms: zk.PermAll, Scheme: "nobody", ID: "x"}}, -1)
	say("set unknown scheme", err)
}

func multi(conn *zk.Conn, what string, ops ...interface{}) {
	results, err := conn.Multi(ops...)
	for i, result := range results {
		say(fmt.Sprint(what, " ", i), result.Error, result.String, stat(result.Stat))
	}
	say(what, err)
}

func multis(conn *zk.Conn) {
	create := &zk.CreateRequest{Path: root + "/m", Data: []byte("x"), Acl: open}
	multi(conn, "multi", create,
		&zk.SetDataRequest{Path: root + "/m", Data: []byte("y"), Version: 0},
		&zk.CheckVersionRequest{Path: root + "/m", Version: 1},
		&zk.CreateRequest{Path: root + "/m-", Acl: open, Flags: zk.FlagSequence},
		&zk.DeleteRequest{Path: root + "/m", Version: 1})
	multi(conn, "refused", create, &zk.CheckVersionRequest{Path: root + "/m", Version: 7})
	multi(conn, "none there", &zk.DeleteRequest{Path: root + "/m", Version: -1}, create)
}

func watches(conn *zk.Conn) {
	_, _, exists, err := conn.ExistsW(root + "/w")
	say("exists", err)
	_, _, children, err := conn.ChildrenW(root)
	say("children", err)
	_, err = conn.Create(root+"/w", nil, 0, open)
	say("create", err)
	hear("exists watcher", exists)
	hear("child watcher", children)
	_, _, data, err := conn.GetW(root + "/w")
	say("get", err)
	_, err = conn.Set(root+"/w", []byte("x"), -1)
	say("set", err)
	hear("data watcher", data)
	_, _, gone, err := conn.GetW(root + "/w")
	say("get", err)
	_, _, own, err := conn.ChildrenW(root + "/w")
	say("children", err)
	say("delete", conn.Delete(root+"/w", -1))
	hear("data watcher", gone)
	hear("own child watcher", own)
}

func reconfig(conn *zk.Conn) {
	_, err := conn.IncrementalReconfig(nil, []string{"1"}, -1)
	say("reconfig", err)
	_, err = conn.Reconfig([]string{"server.1=127.0.0.1:1:2;3"}, -1)
	say("reconfig members", err)
}

func closing(server string, conn *zk.Conn) {
	other := connect(server)
	_, err := other.Create(root+"/gone", nil, zk.FlagEphemeral, open)
	say("create", err)
	say("state", nil, other.State(), other.SessionID() != conn.SessionID())
	other.Close()
	_, err = conn.Sync(root)
	say("sync", err)
	found, _, err := conn.Exists(root + "/gone")
	say("after close", err, found)
	_, err = other.Create(root+"/late", nil, 0, open)
	say("asks", nil, errors.Is(err, zk.ErrClosing) || errors.Is(err, zk.ErrConnectionClosed))
}

func clear(conn *zk.Conn, path string) {
	names, _, _ := conn.Children(path)
	for _, name := range names {
		clear(conn, path+"/"+name)
	}
	_ = conn.Delete(path, -1)
}

func main() {
	conn := connect(os.Args[1])
	creates(conn)
	readsAndWrites(conn)
	acls(conn)
	multis(conn)
	watches(conn)
	reconfig(conn)
	closing(os.Args[1], conn)
	clear(conn, root)
	conn.Close()
	fmt.Println("the tour is over")
}
