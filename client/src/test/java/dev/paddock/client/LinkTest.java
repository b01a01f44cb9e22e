package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkTest {
    private final List<Link> opened = new ArrayList<>();
    private final List<Throwable> closed = new ArrayList<>();

    private final Link.Owner owner = new Link.Owner() {
        @Override
        public void opened(Link link) {
            opened.add(link);
        }

        @Override
        public void received(Link link, byte[] frame) {
            throw new AssertionError("nothing is sent to this link");
        }

        @Override
        public void closed(Link link, Throwable why) {
            closed.add(why);
        }
    };

    /** A write that fails closes the link while flush is still under way. */
    @Test
    void writeThatFailsAtOnceClosesTheLinkOnce() {
        var channel = new EmbeddedChannel(Link.initializer(1024, owner, _ -> Optional.empty()));
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                context.pipeline().fireExceptionCaught(new IOException("broken pipe"));
            }
        });
        Link link = opened.getFirst();
        link.send(new byte[] {1, 2, 3});
        link.flush();
        link.send(new byte[] {4});
        link.flush();
        assertThat(closed).singleElement().isInstanceOf(IOException.class);
        assertThat(channel.isOpen()).isFalse();
        channel.checkException();
    }
}
