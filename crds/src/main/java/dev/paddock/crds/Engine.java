package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which server an ensemble runs. Both keep the same data folder and speak the same protocols. */
public enum Engine {
    @JsonProperty("Paddock")
    PADDOCK,
    @JsonProperty("ZooKeeper")
    ZOOKEEPER
}
