/*
 * The C client on tour: says line by line what it asked and what it was told. Usage: tour HOST:PORT
 * Compile: gcc -DTHREADED tour.c -lzookeeper_mt -lpthread
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zookeeper/zookeeper.h>

#define ROOT "/c-tour"
#define KEPT "/c-tour-kept"
#define TIMEOUT_MILLIS 30000
#define PATIENCE_SECONDS 60

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int connected, settled, expired;       /* guarded by lock */
static char heard[1 << 16];                   /* what watchers heard and nobody said yet; guarded by lock */

static void await(int *flag) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    pthread_mutex_lock(&lock);
    while (!*flag) {
        if (pthread_cond_timedwait(&changed, &lock, &until)) {
            puts("waited too long");
            exit(1);
        }
    }
    *flag = 0;
    pthread_mutex_unlock(&lock);
}

static void raise_flag(int *flag) {
    pthread_mutex_lock(&lock);
    *flag = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void on_session(zhandle_t *zh, int type, int state, const char *path, void *context) {
    (void)zh, (void)path, (void)context;
    if (type != ZOO_SESSION_EVENT) return;
    if (state == ZOO_CONNECTED_STATE) raise_flag(&connected);
    if (state == ZOO_EXPIRED_SESSION_STATE) raise_flag(&expired);
}

static void on_event(zhandle_t *zh, int type, int state, const char *path, void *name) {
    (void)zh;
    if (type == ZOO_SESSION_EVENT) return;
    pthread_mutex_lock(&lock);
    size_t used = strlen(heard);
    snprintf(heard + used, sizeof heard - used, "%s hears type %d state %d %s\n", (const char *)name, type, state, path);
    pthread_mutex_unlock(&lock);
}

static void on_settled(int code, const struct Stat *stat, const void *data) {
    (void)code, (void)stat, (void)data;
    raise_flag(&settled);
}

/* Returns when all events and answers that the client has taken are told, and says the events. */
static void settle(zhandle_t *zh) {
    zoo_aexists(zh, "/", 0, on_settled, NULL);
    await(&settled);
    pthread_mutex_lock(&lock);
    fputs(heard, stdout);
    heard[0] = 0;
    pthread_mutex_unlock(&lock);
}

static void say_stat(const struct Stat *s) {
    printf(" czxid=%" PRId64 " mzxid=%" PRId64 " pzxid=%" PRId64 " ctime=%" PRId64 " mtime=%" PRId64
           " version=%d cversion=%d aversion=%d ephemeralOwner=%" PRId64 " dataLength=%d numChildren=%d",
           s->czxid, s->mzxid, s->pzxid, s->ctime, s->mtime, s->version, s->cversion, s->aversion, s->ephemeralOwner,
           s->dataLength, s->numChildren);
}

static void result(zhandle_t *zh, const char *what, int code, const struct Stat *stat) {
    settle(zh);
    printf("%s -> %d", what, code);
    if (code == ZOK && stat) say_stat(stat);
    puts("");
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void say_names(struct String_vector *names) {
    qsort(names->data, names->count, sizeof(char *), by_name);
    for (int i = 0; i < names->count; i++) printf("  child %s\n", names->data[i]);
    deallocate_String_vector(names);
}

static void create(zhandle_t *zh, const char *path, int mode, int64_t ttl) {
    char made[256] = "";
    struct Stat stat;
    int code = zoo_create2_ttl(zh, path, "data", 4, &ZOO_OPEN_ACL_UNSAFE, mode, ttl, made, sizeof made, &stat);
    settle(zh);
    printf("create %s mode %d -> %d", path, mode, code);
    if (code == ZOK) printf(" %s", made), say_stat(&stat);
    puts("");
}

static void creates(zhandle_t *zh) {
    char made[256] = "";
    create(zh, ROOT, ZOO_PERSISTENT, -1);
    create(zh, ROOT, ZOO_PERSISTENT, -1);
    int modes[] = {ZOO_PERSISTENT, ZOO_EPHEMERAL, ZOO_PERSISTENT_SEQUENTIAL, ZOO_EPHEMERAL_SEQUENTIAL, ZOO_CONTAINER};
    for (int i = 0; i < 5; i++) {
        char path[64];
        snprintf(path, sizeof path, ROOT "/mode-%d-", modes[i]);
        create(zh, path, modes[i], -1);
        create(zh, path, modes[i], -1);
    }
    create(zh, ROOT "/ttl", ZOO_PERSISTENT_WITH_TTL, 60000);
    create(zh, ROOT "/ttl-", ZOO_PERSISTENT_SEQUENTIAL_WITH_TTL, 60000);
    create(zh, ROOT "/none/child", ZOO_PERSISTENT, -1);
    create(zh, ROOT "/mode-1-/child", ZOO_PERSISTENT, -1);
    create(zh, "no-path", ZOO_PERSISTENT, -1);
    result(zh, "plain create", zoo_create(zh, ROOT "/plain", NULL, -1, &ZOO_READ_ACL_UNSAFE, 0, made, sizeof made), NULL);
    struct ACL_vector none = {0, NULL};
    result(zh, "create without ACL", zoo_create(zh, ROOT "/noacl", NULL, -1, &none, 0, made, sizeof made), NULL);
}

static void reads_and_writes(zhandle_t *zh) {
    char data[64];
    int length = sizeof data;
    struct Stat stat;
    struct String_vector names;
    result(zh, "exists", zoo_exists(zh, ROOT "/plain", 0, &stat), &stat);
    result(zh, "exists none", zoo_exists(zh, ROOT "/none", 0, &stat), &stat);
    result(zh, "get null", zoo_get(zh, ROOT "/plain", 0, data, &length, &stat), &stat);
    printf("length %d\n", length);
    result(zh, "set, no right", zoo_set2(zh, ROOT "/plain", "x", 1, -1, &stat), &stat);
    result(zh, "set", zoo_set2(zh, ROOT "/mode-0-", "new data", 8, 0, &stat), &stat);
    result(zh, "set stale", zoo_set2(zh, ROOT "/mode-0-", "x", 1, 0, &stat), &stat);
    result(zh, "set any", zoo_set(zh, ROOT "/mode-0-", "newer", 5, -1), NULL);
    length = sizeof data;
    result(zh, "get", zoo_get(zh, ROOT "/mode-0-", 0, data, &length, &stat), &stat);
    printf("data %.*s\n", length, data);
    result(zh, "set none", zoo_set(zh, ROOT "/none", "x", 1, -1), NULL);
    result(zh, "children", zoo_get_children(zh, ROOT, 0, &names), NULL);
    say_names(&names);
    result(zh, "children and stat", zoo_get_children2(zh, ROOT, 0, &names, &stat), &stat);
    deallocate_String_vector(&names);
    result(zh, "children of none", zoo_get_children(zh, ROOT "/none", 0, &names), NULL);
    result(zh, "delete not empty", zoo_delete(zh, ROOT, -1), NULL);
    result(zh, "delete stale", zoo_delete(zh, ROOT "/mode-0-", 7), NULL);
    result(zh, "delete", zoo_delete(zh, ROOT "/mode-0-", 2), NULL);
    result(zh, "delete again", zoo_delete(zh, ROOT "/mode-0-", 2), NULL);
}

static void acls(zhandle_t *zh) {
    struct ACL_vector acl;
    struct Stat stat;
    char made[64];
    result(zh, "create by nobody", zoo_create(zh, ROOT "/mine", "x", 1, &ZOO_CREATOR_ALL_ACL, 0, made, sizeof made), NULL);
    zoo_add_auth(zh, "digest", "ann:secret", 10, NULL, NULL);
    result(zh, "create", zoo_create(zh, ROOT "/mine", "x", 1, &ZOO_CREATOR_ALL_ACL, 0, made, sizeof made), NULL);
    const char *paths[] = {ROOT "/mine", ROOT "/plain", ROOT "/none", "/", "/zookeeper/config"};
    for (int i = 0; i < 5; i++) {
        int code = zoo_get_acl(zh, paths[i], &acl, &stat);
        result(zh, paths[i], code, NULL);
        if (code != ZOK) continue;
        for (int k = 0; k < acl.count; k++) printf("  %d %s:%s\n", acl.data[k].perms, acl.data[k].id.scheme, acl.data[k].id.id);
        printf("  aversion=%d\n", stat.aversion);
        deallocate_ACL_vector(&acl);
    }
    result(zh, "set ACL", zoo_set_acl(zh, ROOT "/mine", 0, &ZOO_OPEN_ACL_UNSAFE), NULL);
    result(zh, "set ACL stale", zoo_set_acl(zh, ROOT "/mine", 0, &ZOO_OPEN_ACL_UNSAFE), NULL);
    struct ACL unknown[] = {{ZOO_PERM_ALL, {"nobody", "x"}}};
    struct ACL_vector bad = {1, unknown};
    result(zh, "set unknown scheme", zoo_set_acl(zh, ROOT "/mine", -1, &bad), NULL);
}

static void multis(zhandle_t *zh) {
    zoo_op_t ops[5];
    zoo_op_result_t results[5] = {0};
    char first[64], second[64];
    struct Stat stat;
    zoo_create_op_init(&ops[0], ROOT "/m", "x", 1, &ZOO_OPEN_ACL_UNSAFE, 0, first, sizeof first);
    zoo_create_op_init(&ops[1], ROOT "/m-", NULL, -1, &ZOO_OPEN_ACL_UNSAFE, ZOO_SEQUENCE, second, sizeof second);
    zoo_check_op_init(&ops[2], ROOT "/m", 0);
    zoo_set_op_init(&ops[3], ROOT "/m", "y", 1, 0, &stat);
    zoo_delete_op_init(&ops[4], ROOT "/m", 1);
    result(zh, "multi", zoo_multi(zh, 5, ops, results), NULL);
    for (int i = 0; i < 5; i++) printf("  result %d\n", results[i].err);
    printf("  %s %s\n", first, second);
    memset(results, 0, sizeof results);
    zoo_check_op_init(&ops[2], ROOT "/m", 7);
    result(zh, "multi refused", zoo_multi(zh, 5, ops, results), NULL);
    for (int i = 0; i < 5; i++) printf("  result %d\n", results[i].err);
    result(zh, "multi empty", zoo_multi(zh, 0, ops, results), NULL);
}

static void watches(zhandle_t *zh) {
    char made[64], data[64];
    int length = sizeof data;
    struct Stat stat;
    struct String_vector names;
    result(zh, "exists", zoo_wexists(zh, ROOT "/w", on_event, "exists watcher", &stat), &stat);
    result(zh, "children", zoo_wget_children(zh, ROOT, on_event, "child watcher", &names), NULL);
    deallocate_String_vector(&names);
    result(zh, "create", zoo_create(zh, ROOT "/w", NULL, -1, &ZOO_OPEN_ACL_UNSAFE, 0, made, sizeof made), NULL);
    result(zh, "get", zoo_wget(zh, ROOT "/w", on_event, "data watcher", data, &length, &stat), NULL);
    result(zh, "set", zoo_set(zh, ROOT "/w", "x", 1, -1), NULL);
    result(zh, "set again", zoo_set(zh, ROOT "/w", "x", 1, -1), NULL);
    result(zh, "get", zoo_wget(zh, ROOT "/w", on_event, "data watcher", data, &length, &stat), NULL);
    result(zh, "children and stat", zoo_wget_children2(zh, ROOT "/w", on_event, "own child watcher", &names, &stat), &stat);
    deallocate_String_vector(&names);
    result(zh, "remove wrong kind", zoo_remove_watches(zh, ROOT "/none", ZWATCHTYPE_DATA, on_event, "never", 0), NULL);
    result(zh, "remove", zoo_remove_watches(zh, ROOT "/w", ZWATCHTYPE_DATA, on_event, "data watcher", 0), NULL);
    result(zh, "set unwatched", zoo_set(zh, ROOT "/w", "x", 1, -1), NULL);
    result(zh, "remove all", zoo_remove_all_watches(zh, ROOT "/w", ZWATCHTYPE_ANY, 0), NULL);
    result(zh, "remove none", zoo_remove_all_watches(zh, ROOT "/w", ZWATCHTYPE_ANY, 0), NULL);
    result(zh, "exists", zoo_wexists(zh, ROOT "/w", on_event, "last watcher", &stat), NULL);
    result(zh, "delete", zoo_delete(zh, ROOT "/w", -1), NULL);
}

static void said(int code, const void *what) { printf("%s answers %d\n", (const char *)what, code); }

static void on_string(int code, const char *value, const void *what) {
    printf("%s answers %d %s\n", (const char *)what, code, code == ZOK ? value : "");
}

static void on_stat(int code, const struct Stat *stat, const void *what) {
    printf("%s answers %d", (const char *)what, code);
    if (code == ZOK) say_stat(stat);
    puts("");
}

static void on_data(int code, const char *value, int length, const struct Stat *stat, const void *what) {
    printf("%s answers %d %.*s", (const char *)what, code, code == ZOK && length > 0 ? length : 0, value ? value : "");
    if (code == ZOK) say_stat(stat);
    puts("");
}

static void on_string_stat(int code, const char *value, const struct Stat *stat, const void *what) {
    printf("%s answers %d %s", (const char *)what, code, code == ZOK ? value : "");
    if (code == ZOK) say_stat(stat);
    puts("");
}

static void on_strings(int code, const struct String_vector *names, const void *what) {
    printf("%s answers %d count %d\n", (const char *)what, code, code == ZOK ? names->count : 0);
}

static void on_strings_stat(int code, const struct String_vector *names, const struct Stat *stat, const void *what) {
    printf("%s answers %d count %d", (const char *)what, code, code == ZOK ? names->count : 0);
    if (code == ZOK) say_stat(stat);
    puts("");
}

static void on_acl(int code, struct ACL_vector *acl, struct Stat *stat, const void *what) {
    printf("%s answers %d count %d", (const char *)what, code, code == ZOK ? acl->count : 0);
    if (code == ZOK) say_stat(stat);
    puts("");
}

static void asynchronous(zhandle_t *zh) {
    static const char *const data = "data";
    zoo_op_t op;
    static zoo_op_result_t results[1];
    zoo_acreate(zh, ROOT "/a", data, 4, &ZOO_OPEN_ACL_UNSAFE, 0, on_string, "create");
    zoo_acreate(zh, ROOT "/a", data, 4, &ZOO_OPEN_ACL_UNSAFE, 0, on_string, "create again");
    zoo_acreate2(zh, ROOT "/a-", data, 4, &ZOO_OPEN_ACL_UNSAFE, ZOO_SEQUENCE, on_string_stat, "create2");
    zoo_aexists(zh, ROOT "/a", 0, on_stat, "exists");
    zoo_aget(zh, ROOT "/a", 0, on_data, "get");
    zoo_aset(zh, ROOT "/a", "new", 3, 0, on_stat, "set");
    zoo_aset(zh, ROOT "/a", "new", 3, 0, on_stat, "set stale");
    zoo_aget(zh, ROOT "/none", 0, on_data, "get none");
    zoo_aget_children(zh, ROOT, 0, on_strings, "children");
    zoo_aget_children2(zh, ROOT, 0, on_strings_stat, "children and stat");
    zoo_aget_acl(zh, ROOT "/a", on_acl, "get ACL");
    zoo_aset_acl(zh, ROOT "/a", 0, &ZOO_OPEN_ACL_UNSAFE, said, "set ACL");
    zoo_async(zh, ROOT, on_string, "sync");
    zoo_check_op_init(&op, ROOT "/a", 1);
    zoo_amulti(zh, 1, &op, results, said, "multi");
    zoo_adelete(zh, ROOT "/a", 0, said, "delete stale");
    zoo_adelete(zh, ROOT "/a", 1, said, "delete");
    zoo_adelete(zh, ROOT "/a", -1, said, "delete again");
    settle(zh);
}

static void configuration(zhandle_t *zh) {
    char data[4096];
    int length = sizeof data;
    struct Stat stat;
    result(zh, "config", zoo_getconfig(zh, 0, data, &length, &stat), NULL);
    printf("%.*s\n", length < 0 ? 0 : length, data);
    length = sizeof data;
    result(zh, "reconfig", zoo_reconfig(zh, NULL, "1", NULL, -1, data, &length, &stat), NULL);
}

/* A process that ends without closing its session leaves it and the ephemeral; its id and password go into the pipe. */
static void leave_session(const char *host, int pipe) {
    char made[64];
    zhandle_t *zh = zookeeper_init(host, on_session, TIMEOUT_MILLIS, NULL, NULL, 0);
    await(&connected);
    int code = zoo_create(zh, KEPT, NULL, -1, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, made, sizeof made);
    const clientid_t *id = zoo_client_id(zh);
    _exit(code == ZOK && write(pipe, id, sizeof *id) == sizeof *id ? 0 : 1);
}

/* The session goes on with whoever has its id and password, and ends when that one closes it. */
static void session(const char *host, zhandle_t *zh, clientid_t id) {
    struct Stat stat;
    zhandle_t *second = zookeeper_init(host, on_session, TIMEOUT_MILLIS, &id, NULL, 0);
    await(&connected);
    printf("the same session: %d\n", zoo_client_id(second)->client_id == id.client_id);
    result(second, "still there", zoo_exists(second, KEPT, 0, &stat), &stat);
    zookeeper_close(second);
    result(zh, "after its close", zoo_exists(zh, KEPT, 0, &stat), NULL);
    zhandle_t *third = zookeeper_init(host, on_session, TIMEOUT_MILLIS, &id, NULL, 0);
    await(&expired);
    puts("who comes after is expired");
    zookeeper_close(third);
}

static void clear(zhandle_t *zh, const char *path) {
    struct String_vector names;
    if (zoo_get_children(zh, path, 0, &names) == ZOK) {
        for (int i = 0; i < names.count; i++) {
            char child[512];
            snprintf(child, sizeof child, "%s/%s", path, names.data[i]);
            clear(zh, child);
        }
        deallocate_String_vector(&names);
    }
    zoo_delete(zh, path, -1);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    zoo_set_debug_level(0);
    int ends[2];
    clientid_t left;
    if (pipe(ends)) return 1;
    if (fork() == 0) leave_session(arguments[1], ends[1]); /* before there are threads */
    if (read(ends[0], &left, sizeof left) != sizeof left) return 1;
    wait(NULL);
    zhandle_t *zh = zookeeper_init(arguments[1], on_session, TIMEOUT_MILLIS, NULL, NULL, 0);
    if (!zh) return 1;
    await(&connected);
    printf("timeout %d\n", zoo_recv_timeout(zh));
    creates(zh);
    reads_and_writes(zh);
    acls(zh);
    multis(zh);
    watches(zh);
    asynchronous(zh);
    configuration(zh);
    session(arguments[1], zh, left);
    clear(zh, ROOT);
    result(zh, "cleared", zoo_exists(zh, ROOT, 0, NULL), NULL);
    printf("close -> %d\n", zookeeper_close(zh));
    puts("the tour is over");
    return 0;
}
