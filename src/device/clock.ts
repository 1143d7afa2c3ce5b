/** Clock: time as it passes, and time of day. */

export interface Clock {
  /** Nanoseconds since the machine started; never goes back. */
  monotonicNs(): u64;
  /** Seconds since 1970-01-01 00:00:00 UTC, or 0 where the machine does not know. */
  unixSeconds(): u64;
  /** The same at the moment `monotonicNs`, a reading of this clock: for whoever needs both and asks the hardware once. */
  unixSecondsAt(monotonicNs: u64): u64;
}
