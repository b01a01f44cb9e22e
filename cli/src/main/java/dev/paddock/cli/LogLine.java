package dev.paddock.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.util.CachingDateFormatter;
import java.nio.charset.StandardCharsets;

/** One event as a line: {@code 2026-01-31 12:00:00.000 INFO  Node [main] message}, and the stack trace of what was thrown. */
final class LogLine extends EncoderBase<ILoggingEvent> {
    private static final byte[] NONE = {};

    private final CachingDateFormatter time = new CachingDateFormatter("yyyy-MM-dd HH:mm:ss.SSS");

    @Override
    public byte[] encode(ILoggingEvent event) {
        String level = event.getLevel().toString();
        String logger = event.getLoggerName();
        StringBuilder text = new StringBuilder(128)
                .append(time.format(event.getTimeStamp()))
                .append(' ')
                .append(level)
                .repeat(' ', 6 - level.length())
                .append(logger, logger.lastIndexOf('.') + 1, logger.length())
                .append(" [")
                .append(event.getThreadName())
                .append("] ")
                .append(event.getFormattedMessage())
                .append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) text.append(ThrowableProxyUtil.asString(thrown));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }
}
