package dev.paddock.node.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lets others with TLS and without come by one port: the first byte tells. That of TLS is 0x16. A client's first frame is shorter than 16 MiB and
 * so begins with 0, and a four letter word with a letter; a peer's packet begins with 0, and its hello with 0xff.
 */
final class TlsOrPlain extends ByteToMessageDecoder {
    private static final int TLS_HANDSHAKE = 0x16;

    private final Supplier<SslHandler> tls;
    private final Runnable isPlain;

    /**
     * @param tls     makes what speaks TLS on this link
     * @param isPlain told that there is none
     */
    TlsOrPlain(Supplier<SslHandler> tls, Runnable isPlain) {
        this.tls = tls;
        this.isPlain = isPlain;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
            context.pipeline().replace(this, "tls", tls.get());
        } else {
            isPlain.run();
            context.pipeline().remove(this);
        }
    }
}
