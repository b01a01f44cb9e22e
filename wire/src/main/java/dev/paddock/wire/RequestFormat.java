package dev.paddock.wire;

/** The table of request bodies: fields by type, in the order of the wire. */
final class RequestFormat {
    private RequestFormat() {}

    static Request read(int type, Reader r) {
        return switch (type) {
            case OpCode.CREATE ->
                new Request.Create(
                        r.readString("create.path"),
                        r.readBuffer("create.data"),
                        Acl.readAsked(r),
                        r.readInt("create.flags"));
            case OpCode.CREATE2 ->
                new Request.Create2(
                        r.readString("create2.path"),
                        r.readBuffer("create2.data"),
                        Acl.readAsked(r),
                        r.readInt("create2.flags"));
            case OpCode.CREATE_CONTAINER ->
                new Request.CreateContainer(
                        r.readString("createContainer.path"),
                        r.readBuffer("createContainer.data"),
                        Acl.readAsked(r),
                        r.readInt("createContainer.flags"));
            case OpCode.CREATE_TTL ->
                new Request.CreateTtl(
                        r.readString("createTtl.path"),
                        r.readBuffer("createTtl.data"),
                        Acl.readAsked(r),
                        r.readInt("createTtl.flags"),
                        r.readLong("createTtl.ttlMillis"));
            case OpCode.DELETE -> new Request.Delete(r.readString("delete.path"), r.readInt("delete.version"));
            case OpCode.DELETE_CONTAINER -> new Request.DeleteContainer(r.requireString("deleteContainer.path"));
            case OpCode.EXISTS -> new Request.Exists(r.readString("exists.path"), r.readBool("exists.watch"));
            case OpCode.GET_DATA -> new Request.GetData(r.readString("getData.path"), r.readBool("getData.watch"));
            case OpCode.SET_DATA ->
                new Request.SetData(
                        r.readString("setData.path"), r.readBuffer("setData.data"), r.readInt("setData.version"));
            case OpCode.GET_ACL -> new Request.GetAcl(r.readString("getAcl.path"));
            case OpCode.SET_ACL ->
                new Request.SetAcl(r.readString("setAcl.path"), Acl.readAsked(r), r.readInt("setAcl.version"));
            case OpCode.GET_CHILDREN ->
                new Request.GetChildren(r.readString("getChildren.path"), r.readBool("getChildren.watch"));
            case OpCode.GET_CHILDREN2 ->
                new Request.GetChildren2(r.readString("getChildren2.path"), r.readBool("getChildren2.watch"));
            case OpCode.GET_CHILDREN_PAGE ->
                new Request.GetChildrenPage(
                        r.requireString("getChildrenPage.path"),
                        r.readBool("getChildrenPage.watch"),
                        r.requireString("getChildrenPage.cursor"),
                        r.requireString("getChildrenPage.prefix"),
                        r.readInt("getChildrenPage.limit"));
            case OpCode.SYNC -> new Request.Sync(r.readString("sync.path"));
            case OpCode.PING -> new Request.Ping();
            case OpCode.CHECK -> new Request.Check(r.readString("check.path"), r.readInt("check.version"));
            case OpCode.MULTI -> new Request.Multi(MultiFormat.readWriteOps(r));
            case OpCode.MULTI_READ -> new Request.MultiRead(MultiFormat.readReadOps(r));
            case OpCode.RECONFIG ->
                new Request.Reconfig(
                        r.readString("reconfig.joiningServers"),
                        r.readString("reconfig.leavingServers"),
                        r.readString("reconfig.newMembers"),
                        r.readLong("reconfig.fromConfigVersion"));
            case OpCode.CHECK_WATCHES ->
                new Request.CheckWatches(r.readString("checkWatches.path"), r.readInt("checkWatches.watcherType"));
            case OpCode.REMOVE_WATCHES ->
                new Request.RemoveWatches(r.readString("removeWatches.path"), r.readInt("removeWatches.watcherType"));
            case OpCode.AUTH ->
                new Request.Auth(r.readInt("auth.authType"), r.readString("auth.scheme"), r.readBuffer("auth.token"));
            case OpCode.SASL -> new Request.Sasl(r.readBuffer("sasl.token"));
            case OpCode.SET_WATCHES ->
                new Request.SetWatches(
                        r.readLong("setWatches.relativeZxid"),
                        r.readNullableStrings("setWatches.dataWatches"),
                        r.readNullableStrings("setWatches.existWatches"),
                        r.readNullableStrings("setWatches.childWatches"));
            case OpCode.SET_WATCHES2 ->
                new Request.SetWatches2(
                        r.readLong("setWatches2.relativeZxid"),
                        r.readNullableStrings("setWatches2.dataWatches"),
                        r.readNullableStrings("setWatches2.existWatches"),
                        r.readNullableStrings("setWatches2.childWatches"),
                        r.readNullableStrings("setWatches2.persistentWatches"),
                        r.readNullableStrings("setWatches2.persistentRecursiveWatches"));
            case OpCode.GET_EPHEMERALS -> new Request.GetEphemerals(r.readString("getEphemerals.prefixPath"));
            case OpCode.GET_ALL_CHILDREN_NUMBER ->
                new Request.GetAllChildrenNumber(r.readString("getAllChildrenNumber.path"));
            case OpCode.ADD_WATCH -> new Request.AddWatch(r.readString("addWatch.path"), r.readInt("addWatch.mode"));
            case OpCode.WHO_AM_I -> new Request.WhoAmI();
            case OpCode.CREATE_SESSION -> new Request.CreateSession(r.readInt("createSession.timeoutMillis"));
            case OpCode.CLOSE_SESSION -> new Request.CloseSession();
            default -> throw new WireException("request.type: " + OpCode.name(type) + " is no request");
        };
    }
}
