// The operator: what a person types at the prompt of a machine, answers to questions included. For tests and benchmarks.

import type { DiskDrive } from "./command.ts";
import type { Machine } from "./machine.ts";

export const PROMPT = "rayos> ";
/** From power-on to the prompt on a slow, shared machine; a quick one takes 8 s. */
export const BOOT_DEADLINE_MS = 180_000;
export const ANSWER_DEADLINE_MS = 30_000;
export const INSTALL_DEADLINE_MS = 300_000;

/** What the shell calls the first disk on a bus. */
export const FIRST_DISK: Readonly<Record<DiskDrive["bus"], string>> = { nvme: "nvme0", ahci: "sata0" };

/** Types `command` and gives both confirmations: `answer` to the question, then the one-time word. */
export async function confirm(
  machine: Machine,
  command: string,
  question: string,
  answer: string,
): Promise<void> {
  await machine.ask(command, question, ANSWER_DEADLINE_MS);
  machine.type(`${answer}\r`);
  const [, word] = await machine.waitFor(/this word, once: ([a-z]{6})/, ANSWER_DEADLINE_MS);
  await machine.waitFor("Type the word: ", ANSWER_DEADLINE_MS);
  machine.type(`${word}\r`);
}

/** Types `command`, an `install --to`, and both confirmations for the disk `name`; the installation begins. */
export async function confirmInstallation(machine: Machine, command: string, name: string): Promise<void> {
  await confirm(machine, command, "Type the disk's name in full: ", name);
  await machine.waitFor("RAYOS_INSTALLER:INSTALL_BEGIN", ANSWER_DEADLINE_MS);
}

/** A whole installation; what was said between its begin and the next prompt. */
export async function install(machine: Machine, name: string): Promise<string> {
  await confirmInstallation(machine, `install --to ${name}`, name);
  return untilPrompt(machine, INSTALL_DEADLINE_MS);
}

/** Types `command`, a restore, and both confirmations for the release or snapshot `id`; what was said after them. */
export async function confirmRestore(
  machine: Machine,
  command: string,
  id: string,
  prompt: string = PROMPT,
): Promise<string> {
  await confirm(machine, command, "Type the id: ", id);
  return untilPrompt(machine, ANSWER_DEADLINE_MS, prompt);
}

/** An update of the installed release on the disk `name` to that of the stick; what was said after both confirmations. */
export async function confirmUpdate(machine: Machine, name: string): Promise<string> {
  await confirm(machine, `install --update ${name}`, "Type the disk's name in full: ", name);
  return untilPrompt(machine, INSTALL_DEADLINE_MS);
}

/** What is said up to the next prompt. */
export async function untilPrompt(
  machine: Machine,
  deadlineMs: number,
  prompt: string = PROMPT,
): Promise<string> {
  const [, said] = await machine.waitFor(new RegExp(`([\\s\\S]*?)${prompt}`), deadlineMs);
  return said!;
}

/** Switches off from the prompt; QEMU's status. */
export async function powerOff(machine: Machine): Promise<number> {
  machine.type("poweroff\r");
  return machine.waitForExit(ANSWER_DEADLINE_MS);
}
