/**
 * A kernel that hangs because its disk has stopped answering in the middle of a command is restarted within the watchdog's time-out plus
 * 2 s, with the right reason everywhere, and its artifact is kept. On NVMe the disk stays dead until the restart: the crash path gives it
 * a second, the artifact stays in memory, and the next boot sees to it that the disk has it (what QEMU held back reaches the disk with the
 * machine's reset, so it is told as found there; `dead-disk` shows a boot that writes it). On AHCI the disk answers again from the moment at which the
 * watchdog has found the hang out (a port's reset stops this QEMU until it does), and the artifact goes onto it before the restart.
 *
 * The time-out is below what a driver waits for a command. Time is the guest's.
 */
import { type Test, t } from "tap";
import type { DiskDrive } from "../../tools/qemu/command.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { installDisk, powerOff } from "./support/installed.ts";
import { DiskServer, limit } from "./support/silent-disk.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

const TIMEOUT_SECONDS = 3;
/** What the specification grants beyond the time-out, as the guest counts. */
const GRACE_SECONDS = 2;
/** For a host that has other things to do. */
const HANG_DEADLINE_MS = 120_000;
const FOUND_OUT = "RAYOS_WATCHDOG:TIMEOUT:main-loop-stopped";
const SAVED = "RAYOS_CRASH:ARTIFACT_SAVED:watchdog-soft";

void t.test("on nvme, dead until the restart", async (test) => {
  const stage = new Stage("watchdog-hang-recovery-dead-nvme");
  test.teardown(() => stage.strike());
  const machine = await startWatched(stage, await installDisk(stage, "nvme"));
  // What comes first is let through; what follows it has to wait.
  await limit(machine, 1);
  await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS);
  machine.type("watchdog kick\r");
  await machine.waitFor(FOUND_OUT, HANG_DEADLINE_MS);
  await machine.waitFor("crash records: the artifact stays in memory", HANG_DEADLINE_MS);
  await restartsInTime(test, machine);
  test.notMatch(machine.transcript, "RAYOS_CRASH:ARTIFACT_SAVED", "nothing claims that the dead disk has it");
  const control = await machine.control();
  await control.waitForEvent("RESET", 0, HANG_DEADLINE_MS);
  await limit(machine, 0);

  await machine.waitFor("Reason of the last restart: watchdog (soft", BOOT_DEADLINE_MS);
  await machine.waitFor(SAVED, BOOT_DEADLINE_MS);
  test.pass("the next boot says that the disk has it");
  await recovered(test, machine);
});

void t.test("on ahci, dead until the watchdog has found it out", async (test) => {
  const stage = new Stage("watchdog-hang-recovery-dead-ahci");
  test.teardown(() => stage.strike());
  const server = await DiskServer.start(await installDisk(stage, "ahci"));
  test.teardown(() => server.end());
  const machine = await startWatched(stage, server.drive);
  server.stop();
  machine.type("watchdog kick\r");
  await machine.waitFor(FOUND_OUT, HANG_DEADLINE_MS);
  server.goOn();
  await machine.waitFor(SAVED, HANG_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:FAILURE_COUNT:1", HANG_DEADLINE_MS);
  await restartsInTime(test, machine);

  await machine.waitFor("Reason of the last restart: watchdog (soft", BOOT_DEADLINE_MS);
  await recovered(test, machine);
});

/** At the prompt of an installed system that waits `TIMEOUT_SECONDS`. */
async function startWatched(stage: Stage, disk: DiskDrive): Promise<Machine> {
  const machine = stage.start("dies", { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await machine.ask(
    `watchdog arm ${TIMEOUT_SECONDS}`,
    `RAYOS_WATCHDOG:ARMED:${TIMEOUT_SECONDS}`,
    ANSWER_DEADLINE_MS,
  );
  await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
  return machine;
}

async function restartsInTime(test: Test, machine: Machine): Promise<void> {
  await machine.waitFor("RAYOS_WATCHDOG:REBOOT_RECOVERY", HANG_DEADLINE_MS);
  const [, passed] = await machine.waitFor(/The machine restarts, (\d+) ms after/, HANG_DEADLINE_MS);
  const seconds = Number(passed) / 1000;
  test.ok(seconds >= TIMEOUT_SECONDS, `not before its time-out (${seconds} s)`);
  test.ok(seconds <= TIMEOUT_SECONDS + GRACE_SECONDS, `restarted after ${seconds} s`);
}

/** The boot after it is golden, and knows the reason, the artifact, and where the loop stood. */
async function recovered(test: Test, machine: Machine): Promise<void> {
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.pass("the boot after it is golden");
  const ask = (command: string) => machine.ask(command, PROMPT, ANSWER_DEADLINE_MS);
  test.match(await ask("watchdog status"), "watchdog (soft", "watchdog status knows the reason");
  test.match(await ask("bootmgr status"), /ended: watchdog\b/, "so do the boot records");
  test.match(await ask("log show 60"), "Reason of the last restart: watchdog (soft", "and so does the log");
  test.match(await ask("log crashes"), /\b1 +watchdog-soft /, "the artifact is there");
  const crash = await ask("log crash 1");
  test.match(crash, /RIP [0-9a-f]{16}/, "with the registers");
  test.match(crash, /\(src\/driver\/\S+\.ts:\d+\)/, "and who waited for the disk, as function and line");
  test.match(crash, /The log before it:[\s\S]*RAYOS_READY/, "and the last entries of the log");
  await powerOff(machine);
}
