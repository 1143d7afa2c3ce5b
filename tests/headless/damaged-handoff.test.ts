/**
 * A record from the boot manager that is damaged, or of another version: the kernel says which in one sentence and stops. It does
 * not go on with what it cannot trust, and does not reset the machine over and over.
 *
 * The byte is changed in memory at the kernel's very first instruction: everything else is the real way.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Test, t } from "tap";
import { Debugger } from "./support/debugger.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, Stage } from "./support/stage.ts";
import { countOf } from "./support/steps.ts";

/** Where a record (src/format/handoff.ts) keeps its version, and a byte that only its CRC protects. */
const VERSION_AT = 8n;
const BOOT_ID_AT = 24n;
/** In an ELF header: the entry's address. */
const ENTRY_AT = 24;
/** A machine that resets comes back to the boot manager in less. */
const STAYS_MS = 12_000;

const CASES: readonly (readonly [string, bigint, string])[] = [
  ["another version", VERSION_AT, "the boot manager is of another version than the kernel"],
  ["a damaged record", BOOT_ID_AT, "the record from the boot manager is damaged: its CRC does not match"],
];

for (const [name, at, sentence] of CASES) {
  void t.test(name, (test) => bootWithFlippedByte(test, name, at, sentence));
}

async function bootWithFlippedByte(test: Test, name: string, at: bigint, sentence: string): Promise<void> {
  const stage = new Stage(`damaged-handoff-${name.replaceAll(" ", "-")}`);
  test.teardown(() => stage.strike());
  const entry = readFileSync(stage.paths.of(stage.paths.kernel)).readBigUInt64LE(ENTRY_AT);
  const socket = join(stage.folder, "gdb");
  const machine = stage.start("stick", { stick: stage.image, extra: Debugger.words(socket) });
  await machine.waitFor("Starts in ", BOOT_DEADLINE_MS);
  const debug = await Debugger.connect(socket);
  await debug.runTo(entry, BOOT_DEADLINE_MS);
  await debug.flipByte((await debug.firstArgument()) + at);
  await debug.detach();
  await machine.waitFor(`RayOS cannot start: ${sentence}`, ANSWER_DEADLINE_MS);
  test.pass(`the kernel says: ${sentence}`);
  await sleep(STAYS_MS);
  test.equal(countOf(machine, "RAYOS_BOOTLOADER_START"), 1, "it stays there: no reset, no loop");
  test.notMatch(machine.transcript, "RAYOS_BOOT_MARKER:KERNEL_LOADED", "and nothing claims that it runs");
}
