package dev.paddock.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The YAML under {@code crds/yaml} is what the Java model says. After a change of the model, write it anew with
 * {@code mvn -pl crds test -Dtest=GeneratedCrdTest -Dpaddock.crds.write=true}.
 */
final class GeneratedCrdTest {
    private static final Path CHECKED_IN = Path.of(System.getProperty("paddock.root"), "crds", "yaml");

    @TempDir
    Path generated;

    @ParameterizedTest
    @ValueSource(classes = {CoordinationCluster.class, CoordinationConfig.class})
    void checkedInYamlIsWhatTheModelSays(Class<? extends HasMetadata> kind) throws IOException {
        new CRDGenerator()
                .customResourceClasses(List.of(kind))
                .forCRDVersions("v1")
                .withMinQuotes(true)
                .withPostProcessor(new Additions(kind))
                .inOutputDir(generated.toFile())
                .generate();
        String name = HasMetadata.getSingular(kind) + ".yaml";
        String yaml = Files.readString(
                generated.resolve(CRDGenerator.getOutputName(HasMetadata.getFullResourceName(kind), "v1") + ".yml"));
        if (Boolean.getBoolean("paddock.crds.write")) Files.writeString(CHECKED_IN.resolve(name), yaml);
        assertThat(CHECKED_IN.resolve(name))
                .as("crds/yaml/%s; write it with -Dpaddock.crds.write=true", name)
                .hasContent(yaml);
    }

    /** {@code kubectl explain} says something of everything. */
    @ParameterizedTest
    @ValueSource(strings = {CoordinationCluster.KIND, CoordinationConfig.KIND})
    void everyFieldIsExplained(String kind) {
        JsonNode root = Schemas.load().of(kind);
        List<String> bare = new ArrayList<>();
        if (root.path("description").asText().isBlank()) bare.add(kind);
        for (String part : List.of("spec", "status")) unexplained(part, root.at("/properties/" + part), bare);
        assertThat(bare).isEmpty();
    }

    private static void unexplained(String path, JsonNode schema, List<String> bare) {
        if (schema.path("description").asText().isBlank()) bare.add(path);
        for (JsonNode properties : List.of(schema.path("properties"), schema.at("/items/properties")))
            properties.properties().forEach(field -> unexplained(path + "." + field.getKey(), field.getValue(), bare));
    }

    /** What the generator has no annotation for, and what it makes of records that carry an annotation twice. */
    private record Additions(Class<? extends HasMetadata> kind) implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata definition, String version) {
            ((CustomResourceDefinition) definition).getSpec().getVersions().forEach(this::complete);
            return definition;
        }

        private void complete(CustomResourceDefinitionVersion version) {
            List<String> declared = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                    .map(AdditionalPrinterColumn::name)
                    .toList();
            version.getAdditionalPrinterColumns().sort(Comparator.comparingInt(c -> declared.indexOf(c.getName())));
            JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
            root.setRequired(List.of("spec")); // the defaults lie below it
            tidy(root);
            explain(root);
            Type[] parts = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
            describe(root, kind);
            describe(root.getProperties().get("spec"), (Class<?>) parts[0]);
            describe(root.getProperties().get("status"), (Class<?>) parts[1]);
            JSONSchemaProps status = root.getProperties().get("status");
            if (status.getProperties().isEmpty()) {
                root.getProperties().remove("status");
            } else {
                status.setDefault(
                        JsonNodeFactory.instance.objectNode().put("observedGeneration", ClusterStatus.NONE_YET));
                keyed(status.getProperties().get("conditions"), "type");
                if (status.getProperties().containsKey("members"))
                    keyed(status.getProperties().get("members"), "id");
            }
        }

        private static void describe(JSONSchemaProps schema, Class<?> model) {
            schema.setDescription(
                    model.getAnnotation(JsonClassDescription.class).value());
        }

        /** Server-side apply merges the list by this key. */
        private static void keyed(JSONSchemaProps list, String key) {
            list.setXKubernetesListType("map");
            list.setXKubernetesListMapKeys(List.of(key));
        }

        /** Beside each pattern a rule that takes the same and says what to write; where amounts are, it would cost too much. */
        private static void explain(JSONSchemaProps schema) {
            boolean isText = !Boolean.TRUE.equals(schema.getXKubernetesIntOrString());
            if (schema.getPattern() != null && isText) {
                List<ValidationRule> rules = new ArrayList<>(schema.getXKubernetesValidations());
                rules.add(new ValidationRuleBuilder()
                        .withRule(Rules.matches(schema.getPattern()))
                        .withMessage(Rules.fix(schema.getPattern()).orElseThrow())
                        .build());
                schema.setXKubernetesValidations(rules);
            }
            schema.getProperties().values().forEach(Additions::explain);
            if (schema.getItems() != null) explain(schema.getItems().getSchema());
            if (schema.getAdditionalProperties() != null)
                explain(schema.getAdditionalProperties().getSchema());
        }

        /** A record component's annotations are on its field and its accessor: the generator finds both. */
        private static void tidy(JSONSchemaProps schema) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
            schema.getProperties().values().forEach(Additions::tidy);
            if (schema.getAdditionalProperties() != null) {
                JSONSchemaProps values = schema.getAdditionalProperties().getSchema();
                if (Boolean.TRUE.equals(values.getXKubernetesIntOrString())) values.setPattern(Resources.AMOUNT);
            }
        }
    }
}
