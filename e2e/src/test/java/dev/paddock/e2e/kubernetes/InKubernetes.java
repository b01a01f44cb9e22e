package dev.paddock.e2e.kubernetes;

import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** All tests of this package, in one JVM: they share a Kubernetes. */
@Suite
@SelectPackages("dev.paddock.e2e.kubernetes")
final class InKubernetes {}
