package dev.paddock.client;

import dev.paddock.wire.Stat;

/** What one operation of a done multi gave; the n-th result belongs to the n-th {@link Op}. */
public sealed interface OpResult permits Created, OpResult.DataSet, OpResult.Deleted, OpResult.Checked {
    /** Of {@link Op.SetData}. */
    record DataSet(Stat stat) implements OpResult {}

    /** Of {@link Op.Delete}. */
    record Deleted() implements OpResult {}

    /** Of {@link Op.Check}. */
    record Checked() implements OpResult {}
}
