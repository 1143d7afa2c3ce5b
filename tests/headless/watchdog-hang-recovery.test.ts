/**
 * A kernel that hangs is found out, kept, and restarted: the main loop in a loop of its own, interrupts on and off, on NVMe and AHCI.
 * Each within its time-out plus 2 s, with the right reason; after the third time the last known good starts by itself.
 */
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { installDisk, powerOff } from "./support/installed.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

const TIMEOUT_SECONDS = 5;
/** What the specification grants beyond the time-out, as the guest counts. */
const GRACE_SECONDS = 2;

interface Hang {
  readonly command: string;
  readonly kind: string;
  readonly reason: string;
  readonly restart: string;
}

const BUSY: Hang = { command: "hang", kind: "watchdog-soft", reason: "main-loop-stopped", restart: "watchdog (soft" };
const CLI: Hang = { command: "hang --cli", kind: "watchdog-hard", reason: "interrupts-off", restart: "watchdog (hard" };

for (const bus of ["nvme", "ahci"] as const) {
  void t.test(`on ${bus}`, (test) => hangAndRecover(test, bus));
}

async function hangAndRecover(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`watchdog-hang-recovery-${bus}`);
  test.teardown(() => stage.strike());
  const disk = await installDisk(stage, bus);
  const machine = await boot(test, stage, disk);
  await hang(test, machine, BUSY, 1);
  await hang(test, machine, CLI, 2);
  await hang(test, machine, BUSY, 3);
  test.match(machine.transcript, "RAYOS_BOOTMGR:RECOVERY_FALLBACK:three-failures", "the fourth boot falls back by itself");
  const crash = await machine.ask("log crash 2", PROMPT, ANSWER_DEADLINE_MS);
  test.match(crash, /RIP [0-9a-f]{16}/, "the registers of the hung code are kept");
  test.match(crash, /KernelFaults_\w*hang\+[0-9a-f]+ \(src\/kernel\/kernel-faults\.ts:\d+\)/, "and where it hung, as function and line");
  await powerOff(machine);
}

async function boot(test: Test, stage: Stage, disk: DiskDrive): Promise<Machine> {
  const machine = stage.start("hangs", { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.match(machine.transcript, "RAYOS_WATCHDOG:ARMED:30", "the watchdog is armed by default, with 30 s");
  const first = kicksIn(await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const second = kicksIn(await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS));
  test.ok(first > 0 && second > first + 20, `an idle system is alive: ${first} kicks, a second later ${second}`);
  return machine;
}

function kicksIn(text: string): number {
  return Number(/RAYOS_WATCHDOG:KICK:(\d+)/.exec(text)?.[1] ?? -1);
}

/** Hangs at the prompt, waits for the restart, and leaves the machine at the prompt again. */
async function hang(test: Test, machine: Machine, how: Hang, failures: number): Promise<void> {
  await machine.ask(`watchdog arm ${TIMEOUT_SECONDS}`, `RAYOS_WATCHDOG:ARMED:${TIMEOUT_SECONDS}`, ANSWER_DEADLINE_MS);
  await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask(how.command, "Type hang to go on: ", ANSWER_DEADLINE_MS);
  machine.type("hang\r");
  const start = Date.now();
  await machine.waitFor(`RAYOS_WATCHDOG:TIMEOUT:${how.reason}`, ANSWER_DEADLINE_MS);
  const found = (Date.now() - start) / 1000;
  await machine.waitFor(`RAYOS_CRASH:ARTIFACT_SAVED:${how.kind}`, ANSWER_DEADLINE_MS);
  await machine.waitFor(`RAYOS_BOOT_MARKER:FAILURE_COUNT:${failures}`, ANSWER_DEADLINE_MS);
  await machine.waitFor("RAYOS_WATCHDOG:REBOOT_RECOVERY", ANSWER_DEADLINE_MS);
  const reset = (Date.now() - start) / 1000;
  test.ok(found >= TIMEOUT_SECONDS - 1, `${how.command}: not before its time-out (${found.toFixed(1)} s)`);
  test.ok(reset <= TIMEOUT_SECONDS + GRACE_SECONDS, `${how.command}: restarted after ${reset.toFixed(1)} s`);
  await machine.waitFor("RAYOS_BOOTLOADER_START", BOOT_DEADLINE_MS);
  await machine.waitFor(`last restart: ${how.restart}`, BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const list = await machine.ask("log crashes", PROMPT, ANSWER_DEADLINE_MS);
  test.match(list, new RegExp(`\\b${failures} +${how.kind} `), `${how.command}: the artifact is there after the restart`);
}
