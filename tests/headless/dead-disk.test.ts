/**
 * The disk of the running system stops answering, on NVMe: with SATA QEMU cannot do it, since its AHCI waits for a request that a port's reset
 * gives up, and the whole machine with it (an NVMe controller's reset does not). Its driver gives up at its deadline, so the main loop is not hung and
 * the watchdog has nothing to do: the system says what fails, keeps its log in memory and goes on answering. A crash on top of that has
 * no disk to be kept on: it stays in memory over the restart, and the next boot puts it on the disk, where it can be read.
 */
import { type Test, t } from "tap";
import type { Bus } from "../../tools/qemu/command.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { installDisk, powerOff } from "./support/installed.ts";
import { limit } from "./support/silent-disk.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

/** A driver waits 10 s for a command of its disk, 20 s for a flush; a few of them in a row. */
const DEAD_DEADLINE_MS = 240_000;

void t.test("on nvme", (test) => loseTheDisk(test, "nvme"));

async function loseTheDisk(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`dead-disk-${bus}`);
  test.teardown(() => stage.strike());
  const disk = await installDisk(stage, bus);
  const machine = stage.start("dies", { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);

  await limit(machine, 1);
  // What comes first is let through; what follows it has to wait.
  await machine.ask("watchdog kick", PROMPT, DEAD_DEADLINE_MS);
  machine.type("watchdog kick\r");
  // Said by the log in its own turn: before the prompt, or a round behind it.
  await machine.waitFor(
    /log: the disk fails, entries stay in memory: (timeout|io-error|device-fault)/,
    DEAD_DEADLINE_MS,
  );
  test.pass("the log says that its disk fails");
  machine.type("version\r");
  await machine.waitFor(/RayOS \d+\.\d+\.\d+/, DEAD_DEADLINE_MS);
  await machine.waitFor(PROMPT, DEAD_DEADLINE_MS);
  test.match(
    await machine.ask("log show 20", PROMPT, DEAD_DEADLINE_MS),
    "RAYOS_WATCHDOG:KICK",
    "what is said now is in memory, and can be read",
  );
  test.notMatch(machine.transcript, "RAYOS_WATCHDOG:TIMEOUT", "the main loop goes on: no hang");

  await machine.ask("panic", "Type panic to go on: ", ANSWER_DEADLINE_MS);
  machine.type("panic\r");
  await machine.waitFor("crash records: the artifact stays in memory", DEAD_DEADLINE_MS);
  test.notMatch(
    machine.transcript,
    "RAYOS_CRASH:ARTIFACT_SAVED",
    "nothing claims that the disk has the artifact",
  );
  const control = await machine.control();
  await control.waitForEvent("RESET", 0, DEAD_DEADLINE_MS);
  await limit(machine, 0);

  await machine.waitFor("Memory still holds what the kernel before this start left in it.", BOOT_DEADLINE_MS);
  await machine.waitFor("Reason of the last restart: panic", BOOT_DEADLINE_MS);
  await machine.waitFor(
    "crash records: memory kept the record of the boot before this one",
    BOOT_DEADLINE_MS,
  );
  await machine.waitFor("RAYOS_CRASH:ARTIFACT_SAVED:panic", BOOT_DEADLINE_MS);
  test.pass("the next boot puts it on the disk and says so");
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await read(test, machine);
  await powerOff(machine);

  await once(test, stage, disk);
}

async function read(test: Test, machine: Machine): Promise<void> {
  const list = await machine.ask("log crashes", PROMPT, ANSWER_DEADLINE_MS);
  test.match(list, /\b1 +panic .*Panic: asked for by the shell's command panic/, "log crashes lists it");
  const crash = await machine.ask("log crash 1", PROMPT, ANSWER_DEADLINE_MS);
  test.match(crash, /main\+[0-9a-f]+ \(src\/kernel\/main\.ts:\d+\)/, "with its callers");
  test.match(
    crash,
    /The log before it:[\s\S]*log_?.*the disk fails/i,
    "and the entries that never reached a disk",
  );
}

/** It is told once: not again by a boot after a power cut, nor after an orderly end. */
async function once(test: Test, stage: Stage, disk: Awaited<ReturnType<typeof installDisk>>): Promise<void> {
  const machine = stage.start("afterwards", { disks: [disk] });
  await machine.waitFor("Reason of the last restart: clean", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.notMatch(machine.transcript, "Memory still holds", "after an orderly end memory holds nothing");
  test.notMatch(
    await machine.ask("log crashes", PROMPT, ANSWER_DEADLINE_MS),
    /^ *2 /m,
    "and the crash is kept once",
  );
  await powerOff(machine);
}
