/**
 * The custom resources: the Java model, and {@link dev.paddock.crds.Manifests}, which reads them from files where there
 * is no Kubernetes.
 *
 * <p>The model is the source. The CRDs under {@code crds/yaml} are generated from it, checked in, and compared by a test;
 * {@code kubectl apply -f crds/yaml} installs them, and {@code Manifests} reads by the same files. Immutable records,
 * owned by no thread; reads files, and knows nothing of the network.
 */
package dev.paddock.crds;
