/**
 * A watchdog that is told to report only, while the main loop waits for a slow disk: what it says in the middle of a command costs
 * neither that command nor the log, which hears of it once the loop is back.
 */
import { type Test, t } from "tap";
import type { Bus } from "../../tools/qemu/command.ts";
import { installDisk, powerOff } from "./support/installed.ts";
import { limit } from "./support/silent-disk.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

/** Below what a driver waits for a command: the loop is silent, and comes back. */
const TIMEOUT_SECONDS = 3;
const REPORT = "RAYOS_WATCHDOG:TIMEOUT:";

for (const bus of ["nvme", "ahci"] as const) void t.test(`on ${bus}`, (test) => reportOnly(test, bus));

async function reportOnly(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`watchdog-report-${bus}`);
  test.teardown(() => stage.strike());
  const disk = await installDisk(stage, bus);
  const machine = stage.start("waits", { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await machine.ask("watchdog policy soft report", PROMPT, ANSWER_DEADLINE_MS);
  for (const other of ["hard", "chipset"])
    await machine.ask(`watchdog policy ${other} none`, PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask(`watchdog arm ${TIMEOUT_SECONDS}`, PROMPT, ANSWER_DEADLINE_MS);

  // What comes first is let through; what follows it has to wait.
  await limit(machine, 1);
  await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS);
  machine.type("watchdog kick\r");
  await machine.waitFor(REPORT, ANSWER_DEADLINE_MS);
  await limit(machine, 0);
  await machine.waitFor("RAYOS_WATCHDOG:KICK", ANSWER_DEADLINE_MS);
  await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
  test.notMatch(machine.transcript, "the disk fails", "the command that was interrupted ended well");

  const kept = await machine.ask("log show 20", PROMPT, ANSWER_DEADLINE_MS);
  test.match(kept, REPORT, "the log has heard of it");
  const checked = await machine.ask("log validate", PROMPT, ANSWER_DEADLINE_MS);
  test.match(checked, "every checksum agrees", "and is whole");
  await powerOff(machine);

  const again = stage.start("afterwards", { disks: [disk] });
  await again.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.match(await again.ask("log export", PROMPT, ANSWER_DEADLINE_MS), REPORT, "and it is on the disk");
  await powerOff(again);
}
