/** The custom resources: Java model and the YAML generated from it. */
package dev.paddock.crds;
