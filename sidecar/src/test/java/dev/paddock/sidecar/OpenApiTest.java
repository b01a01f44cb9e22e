package dev.paddock.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.sidecar.http.Route;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {

    @Test
    void everyRouteAndQueryParameterIsDescribedAndNothingElse(@TempDir Path folder) throws Exception {
        try (var server = ApacheServer.start(folder);
                var sidecar = Sidecars.start(server.address())) {
            JsonNode description = new Http(sidecar.port()).get("/openapi.json").json();
            assertThat(description.path("openapi").asText()).startsWith("3.1");
            var described = new TreeSet<String>();
            description
                    .path("paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().forEach(operation -> {
                        var queries = new TreeSet<String>();
                        for (JsonNode parameter : operation.getValue().path("parameters"))
                            if (parameter.path("in").asText().equals("query"))
                                queries.add(parameter.path("name").asText());
                        described.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey() + " "
                                + queries);
                    }));
            var routed = new TreeSet<String>();
            for (Route route : sidecar.routes())
                routed.add(route.method() + " " + route.template() + " " + new TreeSet<>(route.queries()));
            assertThat(described).isEqualTo(routed);
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() throws Exception {
        JsonNode description = new ObjectMapper()
                .readTree(OpenApi.class.getResourceAsStream("openapi.json").readAllBytes());
        for (JsonNode reference : description.findValues("$ref"))
            assertThat(description.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
    }
}
