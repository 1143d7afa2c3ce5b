/** A kernel that panics says why on the serial line and on the screen, keeps it on the disk, and tells it after the restart: on NVMe and on AHCI. */
import { type Test, t } from "tap";
import type { Bus } from "../../tools/qemu/command.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { installDisk, powerOff } from "./support/installed.ts";
import { readScreen } from "./support/screen.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

/** Each is an entry of the log, more of them than a crash keeps. */
const KICKS = 70;
const KEPT_ENTRIES = 64;

for (const bus of ["nvme", "ahci"] as const) {
  void t.test(`on ${bus}`, (test) => panicAndRead(test, bus));
}

async function panicAndRead(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`crash-artifact-${bus}`);
  test.teardown(() => stage.strike());
  const disk = await installDisk(stage, bus);
  const machine = stage.start("panic", { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.match(
    await machine.ask("log crashes", PROMPT, ANSWER_DEADLINE_MS),
    "No crash was kept",
    "a new installation has no crashes",
  );

  await refuse(test, machine);
  for (let i = 0; i < KICKS; i++) await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask("panic", "Type panic to go on: ", ANSWER_DEADLINE_MS);
  machine.type("panic\r");
  await machine.waitFor("RayOS stopped", ANSWER_DEADLINE_MS);
  test.pass("the banner is on the serial line");
  await machine.waitFor("RAYOS_CRASH:ARTIFACT_SAVED:panic", ANSWER_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:FAILURE_COUNT:1", ANSWER_DEADLINE_MS);
  await lookAtScreen(test, stage, machine);
  await machine.waitFor("RAYOS_BOOTLOADER_START", BOOT_DEADLINE_MS);
  test.pass("the machine restarts by itself");
  await machine.waitFor("last restart: panic", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);

  const list = await machine.ask("log crashes", PROMPT, ANSWER_DEADLINE_MS);
  test.match(
    list,
    /\b1 +panic .*Panic: asked for by the shell's command panic/,
    "the crash is listed with its cause",
  );
  const crash = await machine.ask("log crash 1", PROMPT, ANSWER_DEADLINE_MS);
  test.match(crash, /when +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, \d+ ms after the start/, "and when it was");
  test.match(crash, /kernel +\d+\.\d+\.\d+ build [0-9a-f]{8}/, "version and build are kept");
  test.match(crash, /boot +[0-9a-f]{32}, release 1/, "the boot is named");
  test.match(
    crash,
    /CR0 [0-9a-f]{16} CR2 [0-9a-f]{16} CR3 [0-9a-f]{16} CR4 [0-9a-f]{16}/,
    "the control registers are kept",
  );
  test.match(
    crash,
    /FaultDialogue_\w*step\+[0-9a-f]+ \(src\/shell\/fault-dialogue\.ts:\d+\)/,
    "callers are functions with their .ts lines",
  );
  test.match(crash, /main\+[0-9a-f]+ \(src\/kernel\/main\.ts:\d+\)/, "down to main");
  testEntries(test, crash);
  test.match(
    await machine.ask("log crash 7", PROMPT, ANSWER_DEADLINE_MS),
    "there is no such crash",
    "an id that is none is said to be none",
  );
  test.match(
    await machine.ask("watchdog status", PROMPT, ANSWER_DEADLINE_MS),
    /last restart: +panic/,
    "the watchdog knows the reason too",
  );
  await powerOff(machine);
}

/** A wrong word stops nothing. */
async function refuse(test: Test, machine: Machine): Promise<void> {
  await machine.ask("panic", "Type panic to go on: ", ANSWER_DEADLINE_MS);
  test.match(
    await machine.ask("yes", PROMPT, ANSWER_DEADLINE_MS),
    "Nothing happened",
    "a wrong word stops nothing",
  );
}

/** What a person in front of the machine reads before it restarts. The machine stands still meanwhile, since it waits for three seconds only. */
async function lookAtScreen(test: Test, stage: Stage, machine: Machine): Promise<void> {
  await machine.waitFor("The machine restarts in three seconds.", ANSWER_DEADLINE_MS);
  const control = await machine.control();
  await control.command("stop");
  const screen = (await readScreen(machine, stage.folder)).join("\n");
  await control.command("cont");
  test.match(
    screen,
    /======== RayOS stopped ========\nPanic: asked for by the shell's command panic/,
    "the banner is on the screen, with the cause",
  );
  test.match(screen, /main\+[0-9a-f]+ \(src\/kernel\/main\.ts:\d+\)/, "and so are the callers");
}

/** The artifact has the newest entries of the log, one behind the other, and the command that ended it all is not far. */
function testEntries(test: Test, crash: string): void {
  const log = crash.slice(crash.indexOf("The log before it:"));
  const sequences = [...log.matchAll(/ seq=(\d+) boot=[0-9a-f]{8}\r?$/gm)].map((match) => Number(match[1]));
  test.equal(sequences.length, KEPT_ENTRIES, "the last 64 entries of the log are kept");
  test.ok(
    sequences.every((sequence, index) => index === 0 || sequence === sequences[index - 1]! + 1),
    "without a gap",
  );
  const lines = log
    .trimEnd()
    .split("\n")
    .filter((line) => line.includes(" seq="));
  test.match(lines.at(-1), "RAYOS_WATCHDOG:KICK", "up to the last one before the panic");
}
