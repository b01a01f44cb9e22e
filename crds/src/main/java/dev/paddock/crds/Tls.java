package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who of those that a cluster talks with does so by TLS.
 *
 * @param client null: nobody
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Tls(
        @JsonPropertyDescription("TLS for clients, on port 2281. Left out: there is none.") @Nullable
        ClientTls client) {

    static final Tls NONE = new Tls(null);

    /** For clients, if the manifest asks for it. */
    public Optional<ClientTls> askedClient() {
        return Optional.ofNullable(client);
    }

    /**
     * TLS for clients.
     *
     * @param secretName a Secret of type {@code kubernetes.io/tls} in the cluster's namespace; what it holds may change at any time
     * @param required whether the port without TLS is closed
     * @param verify whether clients show a certificate of their own
     */
    @JsonPropertyOrder({"secretName", "required", "verify"})
    public record ClientTls(
            @JsonPropertyDescription(
                    "Secret with the servers' tls.crt and tls.key, as cert-manager makes it, and ca.crt, whom clients trust. It may be renewed at any time: servers take that without a restart.")
            @Pattern(KeySource.NAME)
            @Size(max = 253)
            @Required
            String secretName,

            @JsonPropertyDescription(
                    "While true, the port without TLS is closed to all but the server's own pod. Changes restart nothing.")
            @Default("false")
            Boolean required,

            @JsonPropertyDescription(
                    "Whether clients show a certificate that ca.crt stands for: None, Optional, or Required.")
            @Default("None")
            Verify verify) {

        public ClientTls(@Nullable String secretName, @Nullable Boolean required, @Nullable Verify verify) {
            this.secretName = secretName == null ? "" : secretName;
            this.required = required != null && required;
            this.verify = verify == null ? Verify.NONE : verify;
        }
    }

    /** Whether clients show a certificate of their own. */
    public enum Verify {
        @JsonProperty("None")
        NONE,
        @JsonProperty("Optional")
        OPTIONAL,
        @JsonProperty("Required")
        REQUIRED
    }
}
