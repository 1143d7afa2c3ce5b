/**
 * TestFaults: ways to fail on purpose, for the tests of crash record and watchdog. The kernel fulfils it; the shell asks
 * twice before it calls.
 */

export interface TestFaults {
  /** Panics. Does not return. */
  panic(): void;
  /** Stops the main loop for ever; with `interruptsOff`, the interrupts too. Does not return. */
  hang(interruptsOff: boolean): void;
  /** Raises one interrupt after the other: the main loop has no turn any more. */
  storm(): void;
  /** The processor finds no way out of an exception and resets the machine. Does not return. */
  tripleFault(): void;
}
