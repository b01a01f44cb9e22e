package dev.paddock.node.request;

import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Response;
import dev.paddock.wire.Writer;

/** What becomes of a read. */
public sealed interface Answer {
    /** The body of the reply. */
    record Reply(Response response) implements Answer {}

    /** The body of the reply as its bytes, where it may be long; also beside an error, where there was an answer in part. */
    record Encoded(Writer body, ErrorCode error) implements Answer {}

    /** The error of the reply, which then has no body. */
    record Refused(ErrorCode error) implements Answer {}
}
