package dev.paddock.wire;

/** The table of reply bodies by the type of the request, and of results by their type in a multi. */
final class ResponseFormat {
    private ResponseFormat() {}

    static Response read(int requestType, Reader r) {
        return switch (requestType) {
            case OpCode.CREATE -> new Response.Create(r.requireString("create.path"));
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL ->
                new Response.Create2(r.requireString("create2.path"), Stat.read(r));
            case OpCode.EXISTS -> new Response.Exists(Stat.read(r));
            case OpCode.GET_DATA -> new Response.GetData(r.readBuffer("getData.data"), Stat.read(r));
            case OpCode.SET_DATA, OpCode.CHECK -> new Response.SetData(Stat.read(r));
            case OpCode.GET_ACL -> new Response.GetAcl(Acl.readListOrEmpty(r), Stat.read(r));
            case OpCode.SET_ACL -> new Response.SetAcl(Stat.read(r));
            case OpCode.GET_CHILDREN -> new Response.GetChildren(r.readStrings("getChildren.children"));
            case OpCode.GET_CHILDREN2 ->
                new Response.GetChildren2(r.readStrings("getChildren2.children"), Stat.read(r));
            case OpCode.GET_CHILDREN_PAGE ->
                new Response.GetChildrenPage(
                        r.readStrings("getChildrenPage.names"),
                        Stat.read(r),
                        r.readBool("getChildrenPage.more"),
                        r.readString("getChildrenPage.cursor"));
            case OpCode.SYNC -> new Response.Sync(r.requireString("sync.path"));
            case OpCode.MULTI, OpCode.MULTI_READ -> new Response.Multi(MultiFormat.readResults(r));
            case OpCode.RECONFIG -> new Response.Reconfig(r.readBuffer("reconfig.config"), Stat.read(r));
            case OpCode.SASL -> new Response.Sasl(r.readBuffer("sasl.token"));
            case OpCode.GET_EPHEMERALS -> new Response.GetEphemerals(r.readStrings("getEphemerals.ephemerals"));
            case OpCode.GET_ALL_CHILDREN_NUMBER ->
                new Response.GetAllChildrenNumber(r.readInt("getAllChildrenNumber.number"));
            case OpCode.ADD_WATCH -> new Response.AddWatch(r.readInt("addWatch.err"));
            case OpCode.WHO_AM_I -> new Response.WhoAmI(Id.readList(r, "whoAmI.clientInfo"));
            case OpCode.DELETE,
                    OpCode.DELETE_CONTAINER,
                    OpCode.PING,
                    OpCode.CHECK_WATCHES,
                    OpCode.REMOVE_WATCHES,
                    OpCode.AUTH,
                    OpCode.SET_WATCHES,
                    OpCode.SET_WATCHES2,
                    OpCode.CLOSE_SESSION -> new Response.Empty();
            default -> throw new WireException("request.type: no answer is known to " + OpCode.name(requestType));
        };
    }

    static Response.Result readResult(int type, Reader r) {
        return switch (type) {
            case OpCode.CREATE -> new Response.Create(r.requireString("create.path"));
            case OpCode.CREATE2 -> new Response.Create2(r.requireString("create2.path"), Stat.read(r));
            case OpCode.GET_DATA -> new Response.GetData(r.readBuffer("getData.data"), Stat.read(r));
            case OpCode.SET_DATA -> new Response.SetData(Stat.read(r));
            case OpCode.GET_CHILDREN -> new Response.GetChildren(r.readStrings("getChildren.children"));
            case OpCode.DELETE -> new Response.Deleted();
            case OpCode.CHECK -> new Response.Checked();
            case OpCode.ERROR -> new Response.Failed(r.readInt("failed.err"));
            default -> throw new WireException("multi.type: no result is a " + OpCode.name(type));
        };
    }
}
