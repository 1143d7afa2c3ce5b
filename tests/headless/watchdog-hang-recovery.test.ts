/**
 * A kernel that hangs is found out, kept, and restarted, on NVMe and AHCI: the main loop in a loop of its own, interrupts off, a storm of
 * interrupts, and a processor that gives up. Each within its time-out plus 2 s, with the right reason in every place that knows one;
 * after the third time the last known good starts by itself. A loop with nothing to do is alive.
 *
 * Time is the guest's: how long its loop was silent, and how long the crash path took, as it says itself before it restarts. A busy host
 * makes the guest stand still, which no time-out of it counts.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { installDisk, powerOff } from "./support/installed.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

const TIMEOUT_SECONDS = 5;
/** What the specification grants beyond the time-out, as the guest counts. */
const GRACE_SECONDS = 2;
/** For a host that has other things to do. */
const HANG_DEADLINE_MS = 120_000;

interface Hang {
  readonly command: string;
  readonly kind: string;
  readonly marker: string;
  readonly restart: string;
}

const DEFAULT_SECONDS = 30;
const BUSY: Hang = {
  command: "hang",
  kind: "watchdog-soft",
  marker: "main-loop-stopped",
  restart: "watchdog (soft",
};
const CLI: Hang = {
  command: "hang --cli",
  kind: "watchdog-hard",
  marker: "interrupts-off",
  restart: "watchdog (hard",
};
const STORM: Hang = { ...BUSY, command: "hang --storm" };
/** How `bootmgr status` names the ends of the boots, the newest first. */
const ENDINGS = ["reset", "watchdog", "watchdog-interrupts-off", "watchdog"];

for (const bus of ["nvme", "ahci"] as const) {
  void t.test(`on ${bus}`, (test) => hangAndRecover(test, bus));
}

async function hangAndRecover(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`watchdog-hang-recovery-${bus}`);
  test.teardown(() => stage.strike());
  const disk = await installDisk(stage, bus);
  const machine = await boot(test, stage, disk);
  await restart(machine);
  await hang(test, machine, BUSY, 1);
  await hang(test, machine, CLI, 2);
  await hang(test, machine, STORM, 3);
  test.match(
    machine.transcript,
    "RAYOS_BOOTMGR:RECOVERY_FALLBACK:three-failures",
    "the fourth boot falls back by itself",
  );
  const crash = await machine.ask("log crash 2", PROMPT, ANSWER_DEADLINE_MS);
  test.match(crash, /RIP [0-9a-f]{16}/, "the registers of the hung code are kept");
  test.match(
    crash,
    /KernelFaults_\w*hang\+[0-9a-f]+ \(src\/kernel\/kernel-faults\.ts:\d+\)/,
    "and where it hung, as function and line",
  );
  await tripleFault(test, machine);
  const status = await machine.ask("bootmgr status", PROMPT, ANSWER_DEADLINE_MS);
  test.same(
    [...status.matchAll(/ended: (\S+)/g)].map((match) => match[1]!).slice(0, 4),
    ENDINGS,
    "bootmgr status knows all their ends",
  );
  test.match(status, /Golden, running/, "and that this boot has not ended");
  await powerOff(machine);
}

async function boot(test: Test, stage: Stage, disk: DiskDrive): Promise<Machine> {
  const machine = stage.start("hangs", { disks: [disk] });
  await machine.waitFor("RAYOS_WATCHDOG:ARMED:300", BOOT_DEADLINE_MS);
  await machine.waitFor("RAYOS_WATCHDOG:ARMED:30\r", BOOT_DEADLINE_MS);
  test.pass("the watchdog is armed by default: with 300 s while drivers start, with 30 s from the prompt on");
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const first = kicksIn(await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS));
  await arm(machine);
  await sleep((TIMEOUT_SECONDS + GRACE_SECONDS + 1) * 1000);
  const second = kicksIn(await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS));
  test.ok(
    first > 0 && second > first + 20,
    `an idle system is alive beyond its time-out: ${first} kicks, then ${second}`,
  );
  test.notMatch(machine.transcript, "RAYOS_WATCHDOG:TIMEOUT", "and nothing happens to it");
  return machine;
}

/** The time-out is a setting, and so part of a release of its own, whose boots are counted from its first one on. */
async function restart(machine: Machine): Promise<void> {
  machine.type("reboot\r");
  await machine.waitFor("RAYOS_BOOTLOADER_START", BOOT_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
}

function kicksIn(text: string): number {
  return Number(/RAYOS_WATCHDOG:KICK:(\d+)/.exec(text)?.[1] ?? -1);
}

async function arm(machine: Machine, seconds = TIMEOUT_SECONDS): Promise<void> {
  await machine.ask(`watchdog arm ${seconds}`, `RAYOS_WATCHDOG:ARMED:${seconds}`, ANSWER_DEADLINE_MS);
  await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
}

/** Hangs at the prompt, waits for the restart, and leaves the machine at the prompt again. */
async function hang(test: Test, machine: Machine, how: Hang, failures: number): Promise<void> {
  await arm(machine);
  await machine.ask(how.command, "Type hang to go on: ", ANSWER_DEADLINE_MS);
  machine.type("hang\r");
  await machine.waitFor(`RAYOS_WATCHDOG:TIMEOUT:${how.marker}`, HANG_DEADLINE_MS);
  await machine.waitFor(`RAYOS_CRASH:ARTIFACT_SAVED:${how.kind}`, HANG_DEADLINE_MS);
  await machine.waitFor(`RAYOS_BOOT_MARKER:FAILURE_COUNT:${failures}`, HANG_DEADLINE_MS);
  await machine.waitFor("RAYOS_WATCHDOG:REBOOT_RECOVERY", HANG_DEADLINE_MS);
  const [, passed] = await machine.waitFor(/The machine restarts, (\d+) ms after/, HANG_DEADLINE_MS);
  const seconds = Number(passed) / 1000;
  test.ok(seconds >= TIMEOUT_SECONDS, `${how.command}: not before its time-out (${seconds} s)`);
  test.ok(seconds <= TIMEOUT_SECONDS + GRACE_SECONDS, `${how.command}: restarted after ${seconds} s`);
  await learn(test, machine, how.command, how.kind, how.restart, failures);
}

/** The boot after it: the reason where it is told, the artifact, and a golden boot. */
async function learn(
  test: Test,
  machine: Machine,
  what: string,
  kind: string,
  restart: string,
  crashes: number,
): Promise<void> {
  await machine.waitFor("RAYOS_BOOTLOADER_START", BOOT_DEADLINE_MS);
  await machine.waitFor(`Reason of the last restart: ${restart}`, BOOT_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const status = await machine.ask("watchdog status", PROMPT, ANSWER_DEADLINE_MS);
  test.ok(status.includes(restart), `${what}: watchdog status knows the reason`);
  const list = await machine.ask("log crashes", PROMPT, ANSWER_DEADLINE_MS);
  test.match(list, new RegExp(`\\b${crashes} +${kind} `), `${what}: the artifact is there after the restart`);
  const log = await machine.ask("log show 60", PROMPT, ANSWER_DEADLINE_MS);
  test.ok(log.includes(`Reason of the last restart: ${restart}`), `${what}: and so does the log`);
}

/** The processor gives up and resets the machine, which leaves nobody to say so: memory does. */
async function tripleFault(test: Test, machine: Machine): Promise<void> {
  // With 5 s the restart was told as the chipset's doing: its timer seems to count on through QEMU's reset, while the firmware starts.
  await arm(machine, DEFAULT_SECONDS);
  await machine.ask("panic --triple", "Type panic to go on: ", ANSWER_DEADLINE_MS);
  machine.type("panic\r");
  await machine.waitFor("RAYOS_CRASH:ARTIFACT_SAVED:reset", BOOT_DEADLINE_MS);
  test.notMatch(machine.transcript, "RayOS stopped: ", "a triple fault says nothing");
  const list = await machine
    .waitFor(PROMPT, BOOT_DEADLINE_MS)
    .then(() => machine.ask("log crash 4", PROMPT, ANSWER_DEADLINE_MS));
  test.match(
    list,
    "The machine was reset without a word: a triple fault, or its reset button",
    "panic --triple: the cause is kept",
  );
  test.match(
    list,
    /kernel +\d+\.\d+\.\d+ build [0-9a-f]{8}/,
    "with version and build of the kernel that vanished",
  );
  test.match(
    list,
    /The log before it:[\s\S]*RAYOS_READY/,
    "and the last entries that its log has on the disk",
  );
  const status = await machine.ask("watchdog status", PROMPT, ANSWER_DEADLINE_MS);
  test.match(status, /last restart: +reset without a word/, "watchdog status knows that it was reset");
}
