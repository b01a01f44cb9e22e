/** What the tests of several modules share. No part of the product: nothing but tests may depend on it. */
package dev.paddock.testing;
