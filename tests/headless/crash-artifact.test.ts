/** A kernel that panics says why on the serial line, keeps it on the disk, and tells it after the restart: on NVMe and on AHCI. */
import { join } from "node:path";
import { type Test, t } from "tap";
import type { Bus } from "../../tools/qemu/command.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { installDisk, powerOff } from "./support/installed.ts";
import { readScreen } from "./support/screen-text.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

/** Each is an entry of the log; a boot has some thirty of its own. */
const KICKS = 50;

for (const bus of ["nvme", "ahci"] as const) {
  void t.test(`on ${bus}`, (test) => panicAndRead(test, bus));
}

async function panicAndRead(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`crash-artifact-${bus}`);
  test.teardown(() => stage.strike());
  const disk = await installDisk(stage, bus);
  const machine = stage.start("panic", { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.match(await machine.ask("log crashes", PROMPT, ANSWER_DEADLINE_MS), "No crash was kept", "a new installation has no crashes");

  await refuse(test, machine);
  // More entries than a crash keeps.
  for (let i = 0; i < KICKS; i++) await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask("panic", "Type panic to go on: ", ANSWER_DEADLINE_MS);
  machine.type("panic\r");
  await machine.waitFor("RayOS stopped", ANSWER_DEADLINE_MS);
  test.pass("the banner is on the serial line");
  await machine.waitFor("RAYOS_CRASH:ARTIFACT_SAVED:panic", ANSWER_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:FAILURE_COUNT:1", ANSWER_DEADLINE_MS);
  await machine.waitFor("The machine restarts in three seconds.", ANSWER_DEADLINE_MS);
  const screen = (await readScreen(machine, join(stage.folder, "stopped.png"))).join("\n");
  test.match(screen, /======== RayOS stopped ========\nPanic: asked for by the shell's command panic/, "the banner is on the screen, with the cause");
  test.match(screen, /main\+[0-9a-f]+ \(src\/kernel\/main\.ts:\d+\)/, "and the callers are");
  await machine.waitFor("RAYOS_BOOTLOADER_START", BOOT_DEADLINE_MS);
  test.pass("the machine restarts by itself");
  await machine.waitFor("last restart: panic", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);

  const list = await machine.ask("log crashes", PROMPT, ANSWER_DEADLINE_MS);
  test.match(list, /\b1 +panic .*Panic: asked for by the shell's command panic/, "the crash is listed with its cause");
  const crash = await machine.ask("log crash 1", PROMPT, ANSWER_DEADLINE_MS);
  const entries = [...crash.matchAll(/ seq=(\d+) boot=[0-9a-f]{8}\r?$/gm)].map((match) => Number(match[1]));
  test.equal(entries.length, 64, "the last 64 entries of the log are kept");
  test.ok(entries.every((entry, index) => index === 0 || entry === entries[index - 1]! + 1), "without a gap");
  test.match(crash, /when +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, \d+ ms after the start/, "and when it was");
  test.match(crash, /kernel +\d+\.\d+\.\d+ build [0-9a-f]{8}/, "version and build are kept");
  test.match(crash, /boot +[0-9a-f]{32}, release 1/, "the boot is named");
  test.match(crash, /CR0 [0-9a-f]{16} CR2 [0-9a-f]{16} CR3 [0-9a-f]{16} CR4 [0-9a-f]{16}/, "the control registers are kept");
  test.match(crash, /FaultDialogue_\w*step\+[0-9a-f]+ \(src\/shell\/fault-dialogue\.ts:\d+\)/, "callers are functions with their .ts lines");
  test.match(crash, /main\+[0-9a-f]+ \(src\/kernel\/main\.ts:\d+\)/, "down to main");
  test.match(crash, /The log before it:[\s\S]*RAYOS_WATCHDOG:KICK/, "the last entries of the log are kept");
  test.match(await machine.ask("log crash 7", PROMPT, ANSWER_DEADLINE_MS), "there is no such crash", "an id that is none is said to be none");
  test.match(await machine.ask("watchdog status", PROMPT, ANSWER_DEADLINE_MS), /last restart: +panic/, "the watchdog knows the reason too");
  await powerOff(machine);
}

/** A wrong word stops nothing. */
async function refuse(test: Test, machine: Machine): Promise<void> {
  await machine.ask("panic", "Type panic to go on: ", ANSWER_DEADLINE_MS);
  test.match(await machine.ask("yes", PROMPT, ANSWER_DEADLINE_MS), "Nothing happened", "a wrong word stops nothing");
}
