package dev.paddock.crds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The objects that manifests hold, for programs that run without a Kubernetes. The files are those that {@code kubectl
 * apply} takes, checked by the same schema and rules; names that stand for something else in Kubernetes are refused.
 *
 * @param clusters in the order of the files; no two of one name
 * @param configs in the order of the files; no two of one name; each names one of {@code clusters}
 */
public record Manifests(List<CoordinationCluster> clusters, List<CoordinationConfig> configs) {

    public Manifests {
        clusters = List.copyOf(clusters);
        configs = List.copyOf(configs);
    }

    /** What came of reading. */
    public sealed interface Reading {}

    /** All is well formed. */
    public record Accepted(Manifests manifests) implements Reading {}

    /**
     * Nothing may be started.
     *
     * @param problems all that were found, by file and line; at least one
     */
    public record Refused(List<Problem> problems) implements Reading {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /** Reads files of one or more YAML documents each. Reading does not change anything; call it again after an edit. */
    public static Reading read(List<Path> files) {
        Session session = new Session();
        for (Path file : files) session.file(file);
        session.configsNameTheirCluster();
        return session.problems.isEmpty()
                ? new Accepted(new Manifests(session.clusters, session.configs))
                : new Refused(session.problems);
    }

    /** The state of one reading. */
    private static final class Session {
        private final ObjectMapper json = new ObjectMapper();
        private final Schemas schemas = Schemas.load();
        private final List<Problem> problems = new ArrayList<>();
        private final List<CoordinationCluster> clusters = new ArrayList<>();
        private final List<CoordinationConfig> configs = new ArrayList<>();
        private final Map<String, Problem> missingCluster = new HashMap<>(); // by config name, noted if it holds
        private final Map<String, String> places = new HashMap<>(); // "kind/name" to file:line

        void file(Path file) {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setSchema(new CoreSchema())
                    .build();
            try (var text = Files.newBufferedReader(file)) {
                for (Node document : new Compose(settings).composeAllFromReader(text)) {
                    if (!document.getTag().equals(Tag.NULL)) document(file, document);
                }
            } catch (NoSuchFileException _) {
                problems.add(new Problem(file, 0, "", "no such file"));
            } catch (IOException e) {
                problems.add(new Problem(file, 0, "", "cannot be read: " + e));
            } catch (MarkedYamlEngineException e) {
                int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
                problems.add(new Problem(file, line, "", "not YAML: " + e.getProblem()));
            } catch (YamlEngineException e) {
                problems.add(new Problem(file, 0, "", "not YAML: " + e.getMessage()));
            }
        }

        private void document(Path file, Node document) {
            String kind = head(file, document);
            if (kind.isEmpty()) return;
            int before = problems.size();
            SchemaReader reader = new SchemaReader(file, problems);
            JsonNode tree = reader.read("", document, schemas.of(kind));
            if (problems.size() > before) return;
            once(kind, tree, file, reader);
            try {
                add(kind, tree, file, reader);
            } catch (JsonProcessingException e) {
                problems.add(new Problem(file, reader.line(""), kind, e.getOriginalMessage()));
            }
        }

        private void add(String kind, JsonNode tree, Path file, SchemaReader reader) throws JsonProcessingException {
            if (kind.equals(CoordinationCluster.KIND)) {
                clusters.add(json.treeToValue(tree, CoordinationCluster.class));
            } else {
                CoordinationConfig config = json.treeToValue(tree, CoordinationConfig.class);
                configs.add(config);
                missingCluster.put(
                        config.getMetadata().getName(),
                        new Problem(
                                file,
                                reader.line("spec.clusterRef.name"),
                                "spec.clusterRef.name",
                                "no CoordinationCluster of this name in these files"));
            }
        }

        /** The kind, if the document is one of ours; otherwise the empty string, and a problem is noted. */
        private String head(Path file, Node document) {
            Map<String, ScalarNode> head = new HashMap<>();
            if (document instanceof MappingNode mapping) {
                mapping.getValue().forEach(entry -> {
                    if (entry.getKeyNode() instanceof ScalarNode key
                            && entry.getValueNode() instanceof ScalarNode value) {
                        head.putIfAbsent(key.getValue(), value);
                    }
                });
            }
            boolean kind = oneOf(file, document, head, "kind", schemas.kinds());
            boolean version = oneOf(file, document, head, "apiVersion", List.of(Api.API_VERSION));
            return kind && version ? head.get("kind").getValue() : "";
        }

        private boolean oneOf(
                Path file, Node document, Map<String, ScalarNode> head, String field, List<String> allowed) {
            ScalarNode node = head.get(field);
            if (node != null && allowed.contains(node.getValue())) return true;
            String choice = String.join(" or ", allowed);
            problems.add(
                    node == null
                            ? new Problem(file, SchemaReader.lineOf(document), field, "is missing; write " + choice)
                            : new Problem(
                                    file,
                                    SchemaReader.lineOf(node),
                                    field,
                                    "must be " + choice + ", not \"" + node.getValue() + "\""));
            return false;
        }

        private void once(String kind, JsonNode tree, Path file, SchemaReader reader) {
            String name = tree.at("/metadata/name").asText();
            int line = reader.line("metadata.name");
            String first = places.putIfAbsent(kind + "/" + name, file + ":" + line);
            if (first != null) {
                problems.add(new Problem(file, line, "metadata.name", kind + " " + name + " is already in " + first));
            }
        }

        void configsNameTheirCluster() {
            List<String> names =
                    clusters.stream().map(c -> c.getMetadata().getName()).toList();
            if (!problems.isEmpty()) return; // the cluster may be one of those that were refused
            for (CoordinationConfig config : configs) {
                String wanted = config.getSpec().clusterRef().name();
                if (!names.contains(wanted)) {
                    Problem at = missingCluster.get(config.getMetadata().getName());
                    problems.add(
                            new Problem(at.file(), at.line(), at.field(), at.message() + Nearest.hint(wanted, names)));
                }
            }
        }
    }
}
