/** Entropy: bytes that nobody can foresee (ids, one-time words). From the processor, the firmware or, in tests, a seed. */

export interface Entropy {
  /** Fills all of `target`. */
  fill(target: Bytes): void;
}
