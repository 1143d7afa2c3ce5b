/** Power cuts: all of RayOS on one disk, cut at every write and flush of every operation and every pair, and cut again while it recovers. */
import { TextWriter } from "../../src/base/text-writer.ts";
import { isTrue, test } from "../unit/harness.ts";
import { equal } from "../unit/harness.ts";
import { Explorer } from "./explorer.ts";
import { release } from "./machine.ts";
import { operationFrom, operationName } from "./operations.ts";
import { DISKS, diskOf, isScenario, prepareDisk } from "./scenarios.ts";
import { ALL, wishes } from "./wishes.ts";

const explorer = new Explorer();

class Line {
  readonly bytes = new Uint8Array(128);
}

const line = new Line();

export function main(): void {
  release.prepare();
  for (let kind: u32 = 0; kind < DISKS; kind++) exploreDisk(kind);
  sayCount();
}

/** Of all rounds so far; a round that is to reach a number of them fails where it does not. */
function sayCount(): void {
  const out = new TextWriter(bytesOf(line.bytes));
  const atLeast = explorer.seen.isFull() ? "at least " : "";
  out.text(
    `# in all: ${judgedStates()} states judged, ${atLeast}${explorer.seen.count()} different disks among them\n`,
  );
  print(out.written());
  if (wishes.least === 0) return;
  test("so many different disks as were asked for were judged");
  isTrue(explorer.seen.count() >= wishes.least);
}

function exploreDisk(kind: u32): void {
  let isPrepared: boolean = false;
  for (let scenario: u32 = kind * 100; scenario < kind * 100 + 100; scenario++) {
    if (!isScenario(scenario) || scenario % wishes.parts !== wishes.part) continue;
    if (wishes.scenario !== ALL && wishes.scenario !== scenario) continue;
    if (judgedStates() >= wishes.most) return;
    if (!isPrepared) prepareDisk(diskOf(scenario));
    isPrepared = true;
    exploreScenario(scenario);
  }
}

function judgedStates(): u32 {
  return u32(explorer.states + explorer.secondStates);
}

function exploreScenario(scenario: u32): void {
  const states = explorer.states;
  const choices = explorer.choices;
  const seconds = explorer.secondStates;
  const faults = explorer.faults;
  test("after a power cut everything acknowledged is there, and something whole boots");
  explorer.explore(scenario);
  equal(explorer.faults, faults);
  isTrue(explorer.choices > choices);
  if (wishes.secondCut !== ALL) isTrue(explorer.secondStates > seconds);
  const out = new TextWriter(bytesOf(line.bytes));
  out.text(`# ${scenario}: `);
  out.text(operationName(operationFrom(u32(Math.trunc(scenario / 10)) % 10)));
  out.text(" ");
  out.text(operationName(operationFrom(scenario % 10)));
  out.text(`: ${u32(explorer.states - states)} + ${u32(explorer.secondStates - seconds)} states\n`);
  print(out.written());
}
