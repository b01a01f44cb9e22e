"""The article's example with kazoo, unchanged: an ephemeral znode, a watch on it, its deletion, and the watch fires."""
import sys
import threading

from kazoo.client import KazooClient

fired = threading.Event()


def on_change(event):
    print("watch fired:", event.type, event.path, flush=True)
    fired.set()


client = KazooClient(hosts=sys.argv[1])
client.start(timeout=30)
client.create("/test", b"hello", ephemeral=True)
data, stat = client.get("/test", watch=on_change)
print(data.decode(), stat.version, flush=True)
client.delete("/test")
ok = fired.wait(30)
client.stop()
sys.exit(0 if ok else 1)
