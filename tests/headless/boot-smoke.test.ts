/** The stick boots to the shell on both chipsets; the shell answers; reboot boots again; poweroff ends. */
import { type Test, t } from "tap";
import type { MachineType } from "../../tools/qemu/command.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

for (const machine of ["q35", "pc"] as const) {
  void t.test(`on ${machine}`, (test) => bootAndAsk(test, machine));
}

async function bootAndAsk(test: Test, type: MachineType): Promise<void> {
  const stage = new Stage(`boot-smoke-${type}`);
  test.teardown(() => stage.strike());
  const machine = stage.start("stick", { machine: type, stick: stage.image });
  const start = Date.now();
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.comment(
    `from power-on to the prompt: ${((Date.now() - start) / 1000).toFixed(1)} s, the menu's 3 s included`,
  );
  for (const marker of [
    "RAYOS_BOOTLOADER_START",
    "RAYOS_KERNEL_START",
    "RAYOS_BOOT_MARKER:SHELL_READY",
    "RAYOS_READY",
  ]) {
    test.match(machine.transcript, marker, `${marker} is said`);
  }
  const help = await machine.ask("help", PROMPT, ANSWER_DEADLINE_MS);
  for (const command of [
    "install",
    "bootmgr",
    "recovery",
    "version",
    "disks",
    "pci",
    "mem",
    "date",
    "reboot",
    "poweroff",
  ]) {
    test.match(help, new RegExp(`\\b${command}\\b`), `help names ${command}`);
  }
  test.match(
    await machine.ask("version", PROMPT, ANSWER_DEADLINE_MS),
    /RayOS \d+\.\d+\.\d+/,
    "version says which",
  );
  test.match(
    await machine.ask("nonsense", PROMPT, ANSWER_DEADLINE_MS),
    /nonsense/,
    "an unknown command is named",
  );
  // The prompt is drawn again while such a line is edited: the answer is what says that it was taken.
  const answer = await machine.ask("x".repeat(10_000), "nothing was run", ANSWER_DEADLINE_MS);
  test.match(answer, "10000 characters", "a line of 10,000 characters is refused, and counted right");
  await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
  const starts = machine.transcript.split("RAYOS_BOOTLOADER_START").length;
  machine.type("reboot\r");
  await machine.waitFor("RAYOS_BOOTLOADER_START", BOOT_DEADLINE_MS);
  test.equal(
    machine.transcript.split("RAYOS_BOOTLOADER_START").length,
    starts + 1,
    "reboot starts the machine again",
  );
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  machine.type("poweroff\r");
  test.equal(await machine.waitForExit(ANSWER_DEADLINE_MS), 0, "poweroff switches the machine off");
}
