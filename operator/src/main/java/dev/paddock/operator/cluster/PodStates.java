package dev.paddock.operator.cluster;

import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Preparation;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod's status tells about its member. */
final class PodStates {
    /** Reasons for which a container waits that do not pass by themselves, or not soon. */
    private static final Set<String> STUCK = Set.of(
            "CrashLoopBackOff",
            "ImagePullBackOff",
            "ErrImagePull",
            "InvalidImageName",
            "ErrImageNeverPull",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    private static final int WHY_MAX = 300;

    private PodStates() {}

    /** Whether the member's volume was found ready for its server: it holds a member's data from then on. */
    static boolean isPrepared(Pod pod) {
        return preparation(pod)
                .map(ContainerStatus::getState)
                .map(ContainerState::getTerminated)
                .filter(ended -> Integer.valueOf(0).equals(ended.getExitCode()))
                .isPresent();
    }

    /** Whether its volume was found empty though it had data, and nothing else was found since. */
    static boolean isWiped(Pod pod) {
        return !isPrepared(pod)
                && preparation(pod)
                        .flatMap(PodStates::ended)
                        .filter(ended -> Integer.valueOf(Preparation.EXIT_WIPED).equals(ended.getExitCode()))
                        .isPresent();
    }

    /** The restart that people had asked for last when it was made; empty if they had not. */
    static String restartedAt(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Blueprint.RESTARTED_AT))
                .orElse("");
    }

    /** Whether the kubelet found the server ready. */
    static boolean isReady(Pod pod) {
        return status(pod).stream()
                .flatMap(status -> status.getConditions().stream())
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    /** Whether its server is Paddock's. */
    static boolean runsPaddock(Pod pod) {
        return Optional.ofNullable(pod.getSpec()).stream()
                .flatMap(spec -> spec.getContainers().stream())
                .anyMatch(container -> container.getArgs().contains("node"));
    }

    /** Whether a container of it has a port of that name. */
    static boolean hasPort(@Nullable PodSpec pod, String name) {
        return Optional.ofNullable(pod).stream()
                .flatMap(spec -> spec.getContainers().stream())
                .flatMap(container -> container.getPorts().stream())
                .anyMatch(port -> name.equals(port.getName()));
    }

    /** Why it does not start; empty if nothing is known to be in its way. */
    static Optional<String> trouble(Pod pod) {
        return status(pod)
                .flatMap(status -> Stream.of(
                                unscheduled(status).stream(),
                                stuck(status.getInitContainerStatuses()),
                                stuck(status.getContainerStatuses()))
                        .flatMap(found -> found)
                        .findFirst())
                .map(why -> why.length() <= WHY_MAX ? why : why.substring(0, WHY_MAX) + "...");
    }

    private static Optional<String> unscheduled(PodStatus status) {
        return status.getConditions().stream()
                .filter(c -> c.getType().equals("PodScheduled") && c.getStatus().equals("False"))
                .findFirst()
                .map(c -> text(c.getReason(), c.getMessage()));
    }

    private static Stream<String> stuck(List<ContainerStatus> statuses) {
        return statuses.stream().flatMap(container -> {
            Optional<String> waits = Optional.ofNullable(container.getState())
                    .map(ContainerState::getWaiting)
                    .filter(waiting -> STUCK.contains(waiting.getReason()))
                    .map(waiting -> text(waiting.getReason(), waiting.getMessage()));
            Optional<String> said = ended(container)
                    .filter(end -> !Integer.valueOf(0).equals(end.getExitCode()))
                    .map(end -> text(container.getName() + " ended with " + end.getExitCode(), end.getMessage()));
            return waits.isPresent() ? said.or(() -> waits).stream() : Stream.empty();
        });
    }

    private static String text(String reason, String message) {
        String why = message == null ? "" : message.strip().replaceAll("\\s+", " ");
        return why.isEmpty() ? reason : reason + ": " + why;
    }

    private static Optional<ContainerStateTerminated> ended(ContainerStatus container) {
        return Stream.of(container.getState(), container.getLastState())
                .flatMap(state -> Optional.ofNullable(state).map(ContainerState::getTerminated).stream())
                .findFirst();
    }

    private static Optional<ContainerStatus> preparation(Pod pod) {
        return status(pod).stream()
                .flatMap(status -> status.getInitContainerStatuses().stream())
                .filter(container -> container.getName().equals(Preparation.CONTAINER))
                .findFirst();
    }

    private static Optional<PodStatus> status(Pod pod) {
        return Optional.ofNullable(pod.getStatus());
    }
}
