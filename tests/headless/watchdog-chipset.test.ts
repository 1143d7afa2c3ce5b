/**
 * A processor that is dead to the watchdog's own stages is reset by the chipset: the TCO timer of q35 and, where one is added, a 6300ESB.
 * The next boot knows that it was the chipset. Nothing is installed: the stick's shell does.
 */
import { type Test, t } from "tap";
import type { MachineType } from "../../tools/qemu/command.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

const TIMEOUT_SECONDS = 5;
const GRACE_SECONDS = 2;
const RESET_DEADLINE_MS = 120_000;

interface Chipset {
  readonly title: string;
  readonly machine: MachineType;
  readonly extra: readonly string[];
}

const CHIPSETS: readonly Chipset[] = [
  { title: "Intel TCO", machine: "q35", extra: ["-global", "ICH9-LPC.noreboot=false"] },
  { title: "Intel 6300ESB", machine: "q35", extra: ["-device", "i6300esb", "-action", "watchdog=reset"] },
];

for (const chipset of CHIPSETS) {
  void t.test(chipset.title, (test) => dieAndReturn(test, chipset));
}

async function dieAndReturn(test: Test, chipset: Chipset): Promise<void> {
  const stage = new Stage(`watchdog-chipset-${chipset.title.replace(" ", "-")}`);
  test.teardown(() => stage.strike());
  const machine = stage.start("dead", { machine: chipset.machine, stick: stage.image, extra: chipset.extra });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const status = await machine.ask("watchdog status", PROMPT, ANSWER_DEADLINE_MS);
  test.match(status, new RegExp(`chipset +on, ${chipset.title}`), "the chipset's stage is on");
  // The other stages would come first: they are switched off, as a processor that does nothing any more would have it.
  await machine.ask("watchdog policy soft none", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask("watchdog policy hard none", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask(`watchdog arm ${TIMEOUT_SECONDS}`, PROMPT, ANSWER_DEADLINE_MS);
  await new Promise((resolve) => setTimeout(resolve, (TIMEOUT_SECONDS + GRACE_SECONDS + 1) * 1000));
  test.match(
    await machine.ask("watchdog kick", PROMPT, ANSWER_DEADLINE_MS),
    "RAYOS_WATCHDOG:KICK",
    "an idle system is not reset",
  );
  const control = await machine.control();
  await machine.ask("hang --cli", "Type hang to go on: ", ANSWER_DEADLINE_MS);
  machine.type("hang\r");
  const start = Date.now();
  const reset = await control.waitForEvent("RESET", control.events.length, RESET_DEADLINE_MS);
  const passed = (reset.timeMs - start) / 1000;
  test.ok(
    passed > TIMEOUT_SECONDS - 1 && passed < TIMEOUT_SECONDS + GRACE_SECONDS,
    `reset after ${passed.toFixed(1)} s`,
  );
  await machine.waitFor("last restart: watchdog (chipset", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
}
