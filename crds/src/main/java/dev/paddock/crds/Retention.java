package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the members' volumes when the cluster is deleted. */
public enum Retention {
    @JsonProperty("Retain")
    RETAIN,
    @JsonProperty("Delete")
    DELETE
}
