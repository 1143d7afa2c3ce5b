// Builds that are broken on purpose: what is changed in which source, and which check has to find it.
//
// A mutant is a fault that somebody could make in an hour of tiredness. Each is caught by one scenario, which is all that is run of its build.

import type { SimWishes } from "../../../tools/testing/sim-program.ts";

export interface Mutant {
  /** What is wrong with it. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  readonly replacement: string;
  /** The test that is built, relative to the root. */
  readonly test: string;
  /** What of a simulator's test is run; a unit test is run whole. */
  readonly wishes?: SimWishes;
  /** What the test has to say. */
  readonly caughtBy: RegExp;
}

const CRASH = "tests/sim/crash.test.ts";
const DAMAGE = "tests/sim/damage.test.ts";

/** Numbers of scenarios: `disk × 100 + first × 10 + second` (tests/sim/scenarios.ts). */
const APPEND = { scenario: 7, every: 50 };
const RESTART = { scenario: 27, every: 100 };
const SNAPSHOT = { scenario: 37, every: 50 };
const FULL_LOG_ROTATED = { scenario: 110, every: 50 };
const WOUNDED_RESTART = { scenario: 327, every: 1000, cut: 1 };
const BLANK_INSTALL = { scenario: 267, every: 1000 };
const SHAKEN_RESTART = { scenario: 127, every: 50 };
const UPDATE = { scenario: 57, every: 1000 };
const SHAKEN_SETTINGS = { scenario: 187, every: 1000 };
const LOG_FLIPS = { flips: 1, every: 61 };
const RING_FLIPS = { flips: 2, every: 509 };
const ROOT_FLIPS = { flips: 3, every: 509 };

export const MUTANTS: readonly Mutant[] = [
  {
    name: "the log does not flush",
    file: "src/storage/log-writer.ts",
    text: "    const flushed = disk.flush();\n    if (!flushed.ok) return flushed;\n    const end: u32 = this.offset + length;",
    replacement: "    const end: u32 = this.offset + length;",
    test: CRASH,
    wishes: APPEND,
    caughtBy: /an acknowledged entry is lost/,
  },
  {
    name: "an entry is acknowledged before it is written",
    file: "src/service/persistent-log.ts",
    text: "    const flushed = this.flush();\n    return flushed.ok ? ok() : err(flushed.error);",
    replacement: "    return ok();",
    test: CRASH,
    wishes: APPEND,
    caughtBy: /an acknowledged entry is lost/,
  },
  {
    name: "not the oldest file of the log is used again, but the newest",
    file: "src/format/log-segment.ts",
    text: "    return (fileId - 1) % this.segmentCount;",
    replacement: "    return u32(Math.min(fileId - 1, this.segmentCount - 1));",
    test: CRASH,
    wishes: FULL_LOG_ROTATED,
    caughtBy: /the log is damaged|an acknowledged entry is lost/,
  },
  {
    name: "the log does not check the CRC of an entry",
    file: "src/format/log-entry.ts",
    text: "  if (ENTRY.crc.get(bytes) !== crc32WithoutField(bytes.slice(0, padded), CRC_AT)) return false;\n",
    replacement: "",
    test: DAMAGE,
    wishes: LOG_FLIPS,
    caughtBy: /not ok \d+ - of a full 64 KiB of the log/,
  },
  {
    name: "the attempt is counted after the jump, with the kernel's first stage",
    file: "src/service/boot-marker.ts",
    text: "    const saved = this.save(seconds);\n    if (!saved.ok) return saved;\n    this.emitFailureCount(failures);",
    replacement: "    this.emitFailureCount(failures);",
    test: CRASH,
    wishes: RESTART,
    caughtBy: /failed boots are counted wrong/,
  },
  {
    name: "the state ring does not flush",
    file: "src/storage/state-ring.ts",
    text: "    const flushed = device.flush();\n    if (!flushed.ok) return err(flushed.error);\n",
    replacement: "",
    test: CRASH,
    wishes: RESTART,
    caughtBy: /failed boots are counted wrong/,
  },
  {
    name: "a torn record of the state ring counts",
    file: "src/format/state-record.ts",
    text: "  if (STATE.crc.get(record) !== crc32WithoutField(record, CRC_AT)) return err(StateFault.damaged);\n",
    replacement: "",
    test: DAMAGE,
    wishes: RING_FLIPS,
    caughtBy: /not ok \d+ - of 64 KiB of the state ring/,
  },
  {
    name: "a boot is golden before its shell is ready",
    file: "src/service/boot-marker.ts",
    text: "    if (bootStage(mine) !== BootStage.shellReady) return err(MarkerError.outOfOrder);\n",
    replacement: "",
    test: CRASH,
    wishes: { ...RESTART, cut: 1 },
    caughtBy: /a boot is golden before its shell is ready/,
  },
  {
    name: "the root is written before what it names is durable",
    file: "src/storage/store-writer.ts",
    text: "  const before = device.flush();\n  if (!before.ok) return err(StoreError.io);\n",
    replacement: "",
    test: CRASH,
    wishes: SNAPSHOT,
    caughtBy: /a release is not whole/,
  },
  {
    name: "a new root is written over the one in force",
    file: "src/storage/store-writer.ts",
    text: "writeRoot(device, root, rootSlot(sequence))",
    replacement: "writeRoot(device, root, 0)",
    test: CRASH,
    wishes: SNAPSHOT,
    caughtBy: /a snapshot is lost|a golden release is lost|nothing can be booted/,
  },
  {
    name: "the newest root is taken without a look at its CRC",
    file: "src/format/store.ts",
    text: "  if (ROOT.crc.get(root) !== crc32WithoutField(root, CRC_AT)) return err(RootFault.damaged);\n",
    replacement: "",
    test: DAMAGE,
    wishes: ROOT_FLIPS,
    caughtBy: /not ok \d+ - of the store's roots/,
  },
  {
    name: "a kernel is booted without a look at its hash",
    file: "src/storage/object-store.ts",
    text: "    if (!this.hasDigest(exact, OBJECT.sha256.of(object))) return err(StoreError.corrupt);\n",
    replacement: "",
    test: CRASH,
    wishes: WOUNDED_RESTART,
    caughtBy: /what is booted does not match its hash/,
  },
  {
    name: "the record of an installation goes before the new table is there",
    file: "src/service/installer.ts",
    text: "return this.settle(this.progress.emptyLog(scratch));",
    replacement: "return this.settle(this.progress.end());",
    test: CRASH,
    wishes: BLANK_INSTALL,
    caughtBy: /an installation that was cut short is not recognised/,
  },
  {
    name: "a known good release that failed is tried again and again",
    file: "src/policy/boot-choice.ts",
    text: "return !candidate.damaged && candidate.fallbackTries < FALLBACK_TRIES;",
    replacement: "return !candidate.damaged;",
    test: CRASH,
    wishes: SHAKEN_RESTART,
    caughtBy: /another release is booted than should be/,
  },
  {
    name: "an update replaces the boot files before the store names their release",
    file: "src/service/release-update.ts",
    text: "      return UpdateStage.announce;",
    replacement: "      return UpdateStage.bootDirectories;",
    test: CRASH,
    wishes: UPDATE,
    caughtBy: /the verification finds a checksum that does not agree/,
  },
  {
    name: "a changed setting gives what boots three more tries",
    file: "src/service/boot-settings.ts",
    text: "seriesOf(draft, currentId)",
    replacement: "u8(seriesOf(draft, currentId) + 1)",
    test: CRASH,
    wishes: SHAKEN_SETTINGS,
    caughtBy: /another release is booted than should be/,
  },
  {
    name: "the watchdog is kicked in the timer's interrupt",
    file: "src/service/watchdog.ts",
    text: "    return this.onTimeout(WatchdogStage.soft);",
    replacement: "    this.kick(u64(this.rounds + 1n));\n    return this.onTimeout(WatchdogStage.soft);",
    test: "tests/unit/service/watchdog.test.ts",
    caughtBy: /not ok \d+ - /,
  },
];
