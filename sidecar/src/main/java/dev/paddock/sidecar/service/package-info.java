/**
 * Services: instances register as ephemeral children of {@code /paddock/services/NAME}, others list, watch and pick them. Pure:
 * {@link dev.paddock.sidecar.service.Rendezvous}.
 */
@NullMarked
package dev.paddock.sidecar.service;

import org.jspecify.annotations.NullMarked;
