// Counting the log: what a durable entry costs RayOS (`log bench` at the prompt of an installed disk) and what a durable record
// costs a stock Linux on the same partition of the same disk in the same machine: executed instructions, commands to the
// disk, and entries a second; one by one, and in groups of 32.
//
// Each system boots once under the counting plugin, with QEMU's tracing of the disk's commands. For the time they boot without it, in
// turn, and the median of all rounds counts, by each system's own clock: other work on the machine makes single rounds slower, and a guest
// that sets its clock anew in one makes it quicker than it was.

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { readSymbol } from "../build/symbols.ts";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import type { Bus, DiskDrive } from "../qemu/command.ts";
import { makeDisk } from "../qemu/disk-file.ts";
import type { Machine } from "../qemu/machine.ts";
import { powerOff, PROMPT } from "../qemu/operator.ts";
import { DISK_BYTES, operate, prepareDisk, writeBenchImage } from "./boot.ts";
import { buildPlugin, countInto, readMarks } from "./plugin.ts";
import { startLinuxAppender } from "./stock-linux.ts";

const COUNTS = "build/run/log-instructions.txt";
const KERNEL = "build/debug/rayos.elf";
const ENTRIES = 1024;
const GROUP = 32;
/** Boots of each system without the plugin, and rounds of each kind in one. */
const TURNS = 2;
const ROUNDS = 5;
/** Where the partition table says where the log is: its fifth entry. */
const SECTOR_BYTES = 512;
const GPT_ARRAY_AT = 2 * SECTOR_BYTES;
const GPT_ENTRY_BYTES = 128;
const LOG_ENTRY = 4;
const DEADLINE_MS = 300_000;
const LINUX_DEADLINE_MS = 400_000;
/** The function whose calls are the marks at both ends of a bench. */
const MARK = "service_log_bench__LogBench_begin";
/** The appender's marks around both parts. */
const LINUX_MARKS = { single: ["3", "4"], groups: ["5", "6"] } as const;

export const LOG_BUSES = ["nvme", "ahci"] as const;
/** QEMU's events for a command that a disk takes. */
const EVENTS = {
  nvme: ["pci_nvme_io_cmd"],
  ahci: ["ide_exec_cmd", "process_ncq_command"],
} as const;

/** Instructions of an entry: what was measured and a little more, for a device that answers late is looked at more often. */
const LIMITS = { nvme: { single: 2900, groups: 900 }, ahci: { single: 3400, groups: 900 } } as const;
/** A write and a flush. */
const COMMANDS = 2;
/** A new segment of the log, and lines that the system itself logs meanwhile. */
const COMMANDS_TOLERANCE = 0.05;

type Kind = "single" | "groups";
const KINDS: readonly Kind[] = ["single", "groups"];

interface Cost {
  /** Executed instructions for an entry. */
  instructions: number;
  /** Writes and flushes for an entry or, in groups, for a group. */
  commands: number;
  /** Entries a second, in each round. */
  readonly rounds: number[];
}

type Costs = Record<Kind, Cost>;

/** Counts both systems on each bus and prints them; whether RayOS keeps to the limits and is no slower. */
export async function benchLog(paths: Paths, tools: Toolbox): Promise<boolean> {
  mkdirSync(paths.of("build/run"), { recursive: true });
  await buildPlugin(paths, tools);
  await writeBenchImage(paths, tools);
  console.log("a durable entry                instructions   commands to the disk   entries a second");
  let within = true;
  for (const bus of LOG_BUSES) {
    const file = paths.of(`build/run/bench-log-${bus}.disk`);
    const disk: DiskDrive = { file, bus, format: "raw", serial: "RAYOSBENCH" };
    try {
      makeDisk(file, DISK_BYTES);
      await prepareDisk(paths, tools, disk);
      const log = readLog(file);
      const [rayos, linux] = [emptyCosts(), emptyCosts()];
      for (let turn = 0; turn < TURNS; turn++) {
        writeLog(file, log);
        await timeRayos(paths, tools, disk, rayos);
        await timeLinux(paths, tools, disk, linux);
      }
      writeLog(file, log);
      await countRayos(paths, tools, disk, rayos);
      await countLinux(paths, tools, disk, linux);
      for (const kind of KINDS) within = print(bus, kind, rayos[kind], linux[kind]) && within;
    } finally {
      rmSync(file, { force: true });
    }
  }
  for (const bus of LOG_BUSES)
    console.log(`limits, ${bus}          ${LIMITS[bus].single} one by one, ${LIMITS[bus].groups} in groups`);
  console.log(`limits, both          ${COMMANDS} commands; no slower than Linux`);
  return within;
}

function print(bus: Bus, kind: Kind, rayos: Cost, linux: Cost): boolean {
  const name = kind === "single" ? "one by one" : "groups of 32";
  for (const [system, cost] of [
    ["RayOS", rayos],
    ["Linux", linux],
  ] as const) {
    const what = `${bus.padEnd(5)} ${name.padEnd(13)} ${system}`.padEnd(30);
    const unit = kind === "single" ? "" : " a group";
    const numbers = [
      `${cost.instructions.toFixed(0)}`.padStart(12),
      `${cost.commands.toFixed(2)}${unit}`.padStart(22),
    ];
    console.log(`${what} ${numbers.join(" ")} ${perSecond(cost).toFixed(0).padStart(18)}`);
  }
  const commands = Math.abs(rayos.commands - COMMANDS) <= COMMANDS_TOLERANCE;
  return rayos.instructions <= LIMITS[bus][kind] && commands && perSecond(rayos) >= perSecond(linux);
}

/** The log's partition as the installation left it. */
interface LogPartition {
  readonly at: number;
  readonly bytes: Buffer;
}

function readLog(path: string): LogPartition {
  const file = openSync(path, "r");
  const entry = Buffer.alloc(GPT_ENTRY_BYTES);
  readSync(file, entry, 0, entry.length, GPT_ARRAY_AT + LOG_ENTRY * GPT_ENTRY_BYTES);
  const [first, last] = [Number(entry.readBigUInt64LE(32)), Number(entry.readBigUInt64LE(40))];
  const [at, bytes] = [first * SECTOR_BYTES, Buffer.alloc((last + 1 - first) * SECTOR_BYTES)];
  readSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
  return { at, bytes };
}

/**
 * Puts the partition back, for Linux has written over it. All of it then has its blocks in the host's file system: a first write to a
 * hole costs more than the next one, and that would be RayOS'.
 */
function writeLog(path: string, { at, bytes }: LogPartition): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, at);
  fsyncSync(file);
  closeSync(file);
}

// ---- RayOS ----

async function timeRayos(paths: Paths, tools: Toolbox, disk: DiskDrive, costs: Costs): Promise<void> {
  const transcriptFile = paths.of(`build/run/bench-log-${disk.bus}.log`);
  await operate(tools, { disks: [disk], transcriptFile }, async (machine) => {
    for (let round = 0; round < ROUNDS; round++)
      for (const kind of KINDS) await runRayos(machine, kind, costs[kind]);
    await powerOff(machine);
  });
}

async function countRayos(paths: Paths, tools: Toolbox, disk: DiskDrive, costs: Costs): Promise<void> {
  const mark = readSymbol(readFileSync(paths.of(KERNEL)), MARK);
  const transcriptFile = paths.of(`build/run/bench-log-${disk.bus}.log`);
  const extra = countInto(paths, COUNTS, [mark], EVENTS[disk.bus]);
  await operate(tools, { disks: [disk], transcriptFile, extra }, async (machine) => {
    const unused = emptyCosts();
    for (const kind of KINDS) await runRayos(machine, kind, unused[kind]);
    await powerOff(machine);
  });
  KINDS.forEach((kind, index) => {
    count(paths, kind, costs[kind], [mark.toString(16), mark.toString(16)], 2 * index);
  });
}

/** One round. */
async function runRayos(machine: Machine, kind: Kind, cost: Cost): Promise<void> {
  const line = kind === "single" ? `log bench ${ENTRIES}` : `log bench --groups ${ENTRIES}`;
  const said = await machine.ask(line, PROMPT, DEADLINE_MS);
  const told = /(\d+) entries in (\d+) us/.exec(said);
  if (told === null || Number(told[1]) !== ENTRIES) throw new Failure(`'${line}' was answered with: ${said}`);
  cost.rounds.push(ENTRIES / (Number(told[2]) / 1e6));
}

// ---- Linux ----

function timeLinux(paths: Paths, tools: Toolbox, disk: DiskDrive, costs: Costs): Promise<void> {
  return runLinux(paths, tools, disk, { rounds: ROUNDS, extra: [] }, costs);
}

async function countLinux(paths: Paths, tools: Toolbox, disk: DiskDrive, costs: Costs): Promise<void> {
  const extra = countInto(paths, COUNTS, [], EVENTS[disk.bus]);
  await runLinux(paths, tools, disk, { rounds: 1, extra }, emptyCosts());
  for (const kind of KINDS) count(paths, kind, costs[kind], LINUX_MARKS[kind], 0);
}

async function runLinux(
  paths: Paths,
  tools: Toolbox,
  disk: DiskDrive,
  run: { readonly rounds: number; readonly extra: readonly string[] },
  costs: Costs,
): Promise<void> {
  const transcriptFile = paths.of(`build/run/bench-log-linux-${disk.bus}.log`);
  const machine = await startLinuxAppender(paths, tools, disk, { ...run, records: ENTRIES, transcriptFile });
  try {
    for (let round = 0; round < run.rounds; round++) {
      for (const kind of KINDS) {
        await machine.waitFor(`APPENDER ready for ${kind}`, LINUX_DEADLINE_MS);
        machine.type("\n");
        const told = await machine.waitFor(
          new RegExp(`APPENDER ${kind} (\\d+) entries in ns: (\\d+)`),
          DEADLINE_MS,
        );
        costs[kind].rounds.push(ENTRIES / (Number(told[2]) / 1e9));
      }
    }
    await machine.waitFor("APPENDER done", DEADLINE_MS);
    await machine.waitForExit(DEADLINE_MS);
  } finally {
    await machine.stop();
  }
}

// ---- what is counted ----

function emptyCosts(): Costs {
  return {
    single: { instructions: 0, commands: 0, rounds: [] },
    groups: { instructions: 0, commands: 0, rounds: [] },
  };
}

/** Entries a second: the median of the rounds. */
function perSecond({ rounds }: Cost): number {
  return rounds.toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)]!;
}

/** What lies between the `round`th mark of one name and the next one of the other. */
function count(
  paths: Paths,
  kind: Kind,
  cost: Cost,
  [from, to]: readonly [string, string],
  round: number,
): void {
  const marks = readMarks(paths, COUNTS);
  const start = marks.filter((mark) => mark.name === from)[round];
  const end = marks
    .slice(start === undefined ? 0 : marks.indexOf(start) + 1)
    .find((mark) => mark.name === to);
  if (start === undefined || end === undefined)
    throw new Failure("The marks around the entries were not met.");
  cost.instructions = (end.executed - start.executed) / ENTRIES;
  cost.commands = (end.events - start.events) / (kind === "single" ? ENTRIES : ENTRIES / GROUP);
}
