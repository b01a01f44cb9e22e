/** A small asynchronous client: one session, reconnect, watches. */
package dev.paddock.client;
