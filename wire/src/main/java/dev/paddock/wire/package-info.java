/** ZooKeeper's records and packets: bytes in, records out. */
package dev.paddock.wire;
