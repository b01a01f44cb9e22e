package dev.paddock.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Changes of the CRDs only add: whoever has objects of the last release keeps them. A release copies {@code crds/yaml} into
 * {@code src/test/resources/released}, and nothing else changes the files there.
 */
final class ReleasedCrdTest {
    private static final Path CRDS = Path.of(System.getProperty("paddock.root"), "crds");

    @ParameterizedTest
    @ValueSource(strings = {"coordinationcluster.yaml", "coordinationconfig.yaml"})
    void whatWasReleasedIsStillThere(String file) throws IOException {
        JsonNode released = tree(
                Files.readString(CRDS.resolve("src/test/resources/released").resolve(file)));
        assertThat(Narrowing.between(
                        released, tree(Files.readString(CRDS.resolve("yaml").resolve(file)))))
                .isEmpty();
    }

    private static final String RELEASED = """
            spec:
              scope: Namespaced
              names: {plural: things, shortNames: [th]}
              versions:
              - name: v1
                served: true
                subresources: {status: {}}
                additionalPrinterColumns: [{name: Ready, jsonPath: .status.ready, type: string}]
                schema:
                  openAPIV3Schema:
                    properties:
                      spec:
                        properties:
                          name: {type: string, maxLength: 9, minLength: 2, pattern: ^a}
                          size: {type: integer, maximum: 8, default: 3}
                          kind: {type: string, enum: [A, B]}
                          way: {type: string, pattern: ^(Exists|Equal)$}
                          many: {type: array, maxItems: 7, items: {type: string}}
                          map: {type: object, additionalProperties: {maxLength: 6}}
                        required: [name]
                        x-kubernetes-validations: [{rule: self.size > 0}]
            """;

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            scope: Namespaced         | scope: Cluster                      | scope: "Namespaced" became "Cluster"
            plural: things            | plural: thingies                    | names.plural: "things" became "thingies"
            [th]                      | [ti]                                | names: th is gone
            name: v1                  | name: v2                            | version v1 is gone
            served: true              | served: false                       | v1 served: true became false
            {status: {}}              | {}                                  | v1 subresource status: {} became null
            name: Ready               | name: Fine                          | v1 column Ready: ".status.ready" became null
            .status.ready             | .status.fine                        | v1 column Ready: ".status.ready" became ".status.fine"
            kind: {type               | kinds: {type                        | v1.spec.kind: is gone
            {type: integer            | {type: number                       | v1.spec.size type: "integer" became "number"
            maximum: 8                | maximum: 7                          | v1.spec.size maximum: 8 became 7
            default: 3                | default: 4                          | v1.spec.size default: 3 became 4
            maxLength: 9              | maxLength: 8                        | v1.spec.name maxLength: 9 became 8
            minLength: 2              | minLength: 3                        | v1.spec.name minLength: 2 became 3
            pattern: ^a               | pattern: ^b                         | v1.spec.name pattern: "^a" became "^b"
            [A, B]                    | [A, C]                              | v1.spec.kind enum: B is gone
            items: {type: string}     | items: {type: string, enum: [A]}    | v1.spec.many[]: enum is new
            items: {type: string}     | items: {type: string, maxLength: 9} | v1.spec.many[] maxLength: null became 9
            items: {type: string}     | items: {type: string, format: date} | v1.spec.many[] format: null became "date"
            maxItems: 7               | maxItems: 6                         | v1.spec.many maxItems: 7 became 6
            {maxLength: 6}            | {maxLength: 5}                      | v1.spec.map{} maxLength: 6 became 5
            [name]                    | [name, size]                        | v1.spec: size is required now
            self.size > 0             | self.size > 1                       | v1.spec: the rule is new: self.size > 1
            Equal)$}                  | Equal)$, maxLength: 5}              | v1.spec.way maxLength: null became 5
            pattern: ^a               | x-kubernetes-validations: [{rule: self.matches('^b')}] | v1.spec.name: the rule is new: self.matches('^b')
            many: {type: array        | many: {type: array, x-kubernetes-validations: [{rule: self.matches('^a')}] | v1.spec.many: the rule is new: self.matches('^a')
            {rule: self.size > 0}     | {rule: '!has(self.map) || false'}   | v1.spec: the rule is new: !has(self.map) || false
            """)
    void whatTakesAwayIsFound(String before, String after, String said) {
        assertThat(RELEASED).containsOnlyOnce(before);
        assertThat(Narrowing.between(tree(RELEASED), tree(RELEASED.replace(before, after))))
                .contains(said);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            [th]                  | [th, ti]
            type: string}]        | type: string}, {name: Age, jsonPath: .a, type: date}]
            map: {type: object    | map: {type: object, properties: {a: {maxLength: 1}}
            maximum: 8            | maximum: 9
            maxLength: 9,         | ''
            minLength: 2          | minLength: 1
            , pattern: ^a         | ''
            [A, B]                | [C, B, A]
            , enum: [A, B]        | ''
            maxItems: 7           | maxItems: 8
            required: [name]      | required: []
            {rule: self.size > 0} | {rule: '!has(self.news) || self.news > 1'}
            {rule: self.size > 0} | ''
            Equal)$}              | Equal)$, maxLength: 6}
            pattern: ^a           | pattern: ^a, x-kubernetes-validations: [{rule: self.matches('^a')}]
            {type: array          | {description: changed, type: array
            """)
    void whatAddsIsFine(String before, String after) {
        assertThat(RELEASED).containsOnlyOnce(before);
        String now = RELEASED.replace(before, after);
        assertThat(Narrowing.between(tree(RELEASED), tree(now))).isEmpty();
    }

    private static JsonNode tree(String yaml) {
        return new ObjectMapper().valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }
}
