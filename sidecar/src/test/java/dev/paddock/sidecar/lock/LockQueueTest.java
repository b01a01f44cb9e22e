package dev.paddock.sidecar.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LockQueueTest {

    private static String name(int id, LockMode mode, int sequence) {
        return LockQueue.prefix(lease(id), mode) + String.format(Locale.ROOT, "%010d", sequence);
    }

    private static String lease(int id) {
        return String.format(Locale.ROOT, "%032x", id);
    }

    @Test
    void theOrderSurvivesTheWrapOfTheCounter() {
        var queue = LockQueue.of(List.of(
                name(1, LockMode.EXCLUSIVE, Integer.MIN_VALUE),
                name(2, LockMode.EXCLUSIVE, Integer.MAX_VALUE),
                name(3, LockMode.EXCLUSIVE, Integer.MIN_VALUE + 1)));
        assertThat(queue.entries()).extracting(LockQueue.Entry::lease).containsExactly(lease(2), lease(1), lease(3));
    }

    @Test
    void foreignNamesArePassedOver() {
        assertThat(LockQueue.of(List.of("x", "lock-0000000001", lease(1) + "-q-0000000001", ""))
                        .entries())
                .isEmpty();
    }

    /** Serves whole queues by the rules, as waiters do, and looks at who holds together. */
    @Property
    void neverTwoHoldersUnlessAllAreSharedAndEveryoneIsServedInOrder(@ForAll @Size(max = 30) List<Boolean> exclusive) {
        var names = new ArrayList<String>();
        for (int i = 0; i < exclusive.size(); i++)
            names.add(name(i, exclusive.get(i) ? LockMode.EXCLUSIVE : LockMode.SHARED, i));
        Set<String> served = new HashSet<>();
        while (!names.isEmpty()) {
            var queue = LockQueue.of(names);
            List<LockQueue.Entry> holders = queue.holders();
            assertThat(holders).isNotEmpty();
            if (holders.size() > 1) assertThat(holders).allMatch(entry -> entry.mode() == LockMode.SHARED);
            for (LockQueue.Entry entry : queue.entries()) {
                boolean granted = queue.standing(entry.lease()) instanceof LockQueue.Standing.Granted;
                assertThat(granted).isEqualTo(holders.contains(entry));
                if (queue.standing(entry.lease()) instanceof LockQueue.Standing.Behind(LockQueue.Entry before))
                    assertThat(before.sequence()).isLessThan(entry.sequence());
            }
            served.add(holders.getFirst().lease());
            names.remove(holders.getFirst().name());
        }
        assertThat(served).hasSize(exclusive.size());
    }
}
