package dev.paddock.node.net;

import dev.paddock.node.front.Frontend;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Lets clients with TLS and without come by one port: the first byte tells. That of TLS is 0x16; a first frame of ZooKeeper
 * is shorter than 16 MiB and so begins with 0, and a four letter word with a letter.
 */
final class TlsOrPlain extends ByteToMessageDecoder {
    private static final int TLS_HANDSHAKE = 0x16;

    private final ClientTls tls;
    private final InetSocketAddress remote;
    private final Frontend frontend;

    TlsOrPlain(ClientTls tls, InetSocketAddress remote, Frontend frontend) {
        this.frontend = frontend;
        this.tls = tls;
        this.remote = remote;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
            context.pipeline().replace(this, "tls", tls.handler(context.alloc(), remote));
        } else {
            frontend.countPlain(remote.getAddress().isLoopbackAddress());
            context.pipeline().remove(this);
        }
    }
}
