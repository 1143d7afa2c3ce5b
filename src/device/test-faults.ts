/**
 * TestFaults: ways to fail on purpose, for the tests of crash record and watchdog. The kernel fulfils it; the shell asks
 * twice before it calls.
 */

export interface TestFaults {
  /** Panics. Does not return. */
  panic(): void;
  /** Stops the main loop for ever; with `interruptsOff`, the interrupts too. Does not return. */
  hang(interruptsOff: boolean): void;
}
