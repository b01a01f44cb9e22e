/** Tests across modules: foreign clients, real processes. */
package dev.paddock.e2e;
