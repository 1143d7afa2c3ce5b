/**
 * The unit tests' harness: TAP version 14 on the standard output, the same from Node and from native code.
 *
 * A test is a name and the checks up to the next name. It is reported when the next one starts, or by `finish`, so that
 * a trap within it leaves it unreported and the plan (the last line) missing.
 */
import { TextWriter } from "../../src/base/text-writer.ts";

class LineStorage {
  readonly bytes = new Uint8Array(512);
}

const lineStorage = new LineStorage();

class Progress {
  tests: u32 = 0;
  checks: u32 = 0;
  failed: boolean = false;
  /** Whether a test is under way that was not reported yet. */
  isOpen: boolean = false;
  name: string = "";
}

const progress = new Progress();

/** Starts the test of this name; a name is a promise in words. */
export function test(name: string): void {
  report();
  progress.tests++;
  progress.checks = 0;
  progress.failed = false;
  progress.isOpen = true;
  progress.name = name;
}

export function isTrue(condition: boolean): void {
  progress.checks++;
  if (condition) return;
  const line = new TextWriter(bytesOf(lineStorage.bytes));
  line.text(`# check ${progress.checks} of "${progress.name}" is false\n`);
  fail(line);
}

export function equal(actual: number, expected: number): void {
  progress.checks++;
  if (actual === expected) return;
  const line = new TextWriter(bytesOf(lineStorage.bytes));
  line.text(`# check ${progress.checks} of "${progress.name}": ${actual}, expected ${expected}\n`);
  fail(line);
}

export function equalBig(actual: bigint, expected: bigint): void {
  progress.checks++;
  if (actual === expected) return;
  const line = new TextWriter(bytesOf(lineStorage.bytes));
  line.text(`# check ${progress.checks} of "${progress.name}": ${actual}, expected ${expected}\n`);
  fail(line);
}

/** Reports the test at hand now, not when the next one starts. */
export function conclude(): void {
  report();
}

/** Reports the last test and prints the plan. The program that runs a test file calls it after `main`. */
export function finish(): void {
  report();
  const line = new TextWriter(bytesOf(lineStorage.bytes));
  line.text(`1..${progress.tests}\n`);
  print(line.written());
}

function fail(line: TextWriter): void {
  progress.failed = true;
  print(line.written());
}

function report(): void {
  if (!progress.isOpen) return;
  progress.isOpen = false;
  const line = new TextWriter(bytesOf(lineStorage.bytes));
  if (progress.failed) line.text("not ");
  line.text(`ok ${progress.tests} - ${progress.name}\n`);
  print(line.written());
}
