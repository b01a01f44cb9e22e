package dev.paddock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms that no recording has: those of older servers, and those that must be refused. */
final class OldFormsTest {
    private static final TxnHeader CLOSE = new TxnHeader(1, 2, 3, 4, OpCode.CLOSE_SESSION);

    @Test
    void aCloseSessionWithoutPathsIsToldFromItsDigest() {
        var bare = new TxnRecord(CLOSE, new Txn.CloseSession(null));
        assertThat(TxnRecord.parse(bare.toBytes())).isEqualTo(bare);
        var digested =
                new TxnRecord(CLOSE, new Txn.CloseSession(null), Optional.of(new TxnDigest(TxnDigest.VERSION, 0)));
        assertThat(TxnRecord.parse(digested.toBytes())).isEqualTo(digested);
        var listed = new TxnRecord(CLOSE, new Txn.CloseSession(List.of("/abc")));
        assertThat(TxnRecord.parse(listed.toBytes())).isEqualTo(listed);
    }

    @Test
    void aCreateOfZooKeeper33SaysNothingOfItsParent() {
        var w = new Writer(64);
        new TxnHeader(1, 2, 3, 4, OpCode.CREATE).write(w);
        w.writeString("/zoo");
        w.writeBuffer(null);
        Acl.writeList(w, null);
        w.writeBool(true);
        assertThat(TxnRecord.parse(w.toByteArray()).txn()).isEqualTo(new Txn.Create("/zoo", null, null, true, -1));
    }

    @Test
    void aHelloOfZooKeeper34IsASid() {
        var w = new Writer(8);
        w.writeLong(3);
        assertThat(Hello.length(new Reader(w.toByteArray()))).isEqualTo(8);
        assertThat(Hello.read(new Reader(w.toByteArray()))).isEqualTo(new Hello(3, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                OpCode.MULTI,
                OpCode.MULTI_READ,
                OpCode.GET_DATA,
                OpCode.SET_ACL,
                OpCode.CLOSE_SESSION,
                OpCode.ERROR,
                99
            })
    void whatDoesNotBelongInAMultiIsRefused(int type) {
        var w = new Writer(64);
        w.writeInt(type);
        w.writeBool(false);
        w.writeInt(-1);
        w.writeString("/zoo");
        w.writeBool(false);
        assertThatThrownBy(() -> Request.read(OpCode.MULTI, new Reader(w.toByteArray())))
                .isInstanceOf(WireException.class)
                .hasMessageStartingWith("multi.type: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {OpCode.NOTIFICATION, OpCode.ERROR, 10, 23, 99, 108, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anUnknownRequestIsRefused(int type) {
        assertThatThrownBy(() -> Request.read(type, new Reader(new byte[100]))).isInstanceOf(WireException.class);
    }

    @Test
    void aMultiTransactionHoldsNoMulti() {
        var w = new Writer(64);
        w.writeInt(1);
        w.writeInt(OpCode.MULTI);
        w.writeBuffer(new byte[4]);
        assertThatThrownBy(() -> Txn.read(OpCode.MULTI, new Reader(w.toByteArray())))
                .isInstanceOf(WireException.class);
    }

    @Test
    void everyErrorCodeIsFoundByItsNumber() {
        for (ErrorCode error : ErrorCode.values()) {
            assertThat(ErrorCode.of(error.code())).isSameAs(error);
        }
        assertThatThrownBy(() -> ErrorCode.of(1)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> ErrorCode.of(-99)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> ErrorCode.of(Integer.MIN_VALUE)).isInstanceOf(WireException.class);
    }
}
