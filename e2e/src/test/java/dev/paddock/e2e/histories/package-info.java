/**
 * Histories of real servers under faults: Apache's Java client writes down what it asked and what it was told, while servers are
 * killed and stopped and the links between them are cut; a program that knows nothing of Paddock, with Porcupine in it, judges that
 * afterwards. See {@code docs/reliability.md}.
 */
package dev.paddock.e2e.histories;
