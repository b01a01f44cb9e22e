package dev.paddock.node.net;

import dev.paddock.wire.Hello;
import dev.paddock.wire.Reader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads the {@link Hello} of whoever dialled the election port, then makes room for others; what came behind it is theirs. */
final class HelloDecoder extends ByteToMessageDecoder {
    private static final int HELLO_BYTES_MAX = Hello.HEAD_BYTES + Hello.ADDRESS_BYTES_MAX;

    private final BiConsumer<ChannelHandlerContext, Hello> said;

    /**
     * Waits for one hello.
     *
     * @param said called with it; this handler is removed afterwards
     */
    HelloDecoder(BiConsumer<ChannelHandlerContext, Hello> said) {
        this.said = said;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        byte[] start = new byte[Math.min(in.readableBytes(), HELLO_BYTES_MAX)];
        in.getBytes(in.readerIndex(), start);
        int length = Hello.length(new Reader(start));
        if (length < 0 || length > start.length) return; // more has to come
        in.skipBytes(length);
        said.accept(context, Hello.read(new Reader(start, 0, length)));
        context.pipeline().remove(this);
    }
}
