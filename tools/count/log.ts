// Counting the log: what a durable entry costs RayOS (`log bench` at the prompt of an installed disk) and what a durable record
// costs a stock Linux on the same partition of the same disk in the same machine: executed instructions, commands to the
// disk, and entries a second; one by one, and in groups of 32.
//
// Each system boots twice: once under the counting plugin, with QEMU's tracing of the disk's commands, and once without them for the time.
// Times are the medians of some rounds, by each system's own clock.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { readSymbol } from "../build/symbols.ts";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import type { DiskDrive } from "../qemu/command.ts";
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
/** Rounds of each kind without the plugin: an odd number, of which the median counts. */
const ROUNDS = 5;
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

/** The goals: instructions of an entry, commands of a write that is durable. */
const LIMITS = { single: 3400, groups: 900, commands: 2 } as const;
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
      const rayos = await measureRayos(paths, tools, disk);
      const linux = await measureLinux(paths, tools, disk);
      for (const kind of KINDS) within = print(bus, kind, rayos[kind], linux[kind]) && within;
    } finally {
      rmSync(file, { force: true });
    }
  }
  console.log(
    `limits                ${LIMITS.single} one by one, ${LIMITS.groups} in groups; 2 commands; no slower than Linux`,
  );
  return within;
}

function print(bus: string, kind: Kind, rayos: Cost, linux: Cost): boolean {
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
  const commands = Math.abs(rayos.commands - LIMITS.commands) <= COMMANDS_TOLERANCE;
  return rayos.instructions <= LIMITS[kind] && commands && perSecond(rayos) >= perSecond(linux);
}

// ---- RayOS ----

async function measureRayos(paths: Paths, tools: Toolbox, disk: DiskDrive): Promise<Costs> {
  const elf = readFileSync(paths.of(KERNEL));
  const mark = readSymbol(elf, MARK);
  const costs = emptyCosts();
  const transcriptFile = paths.of(`build/run/bench-log-${disk.bus}.log`);
  await operate(tools, { disks: [disk], transcriptFile }, async (machine) => {
    for (let round = 0; round < ROUNDS; round++)
      for (const kind of KINDS) await runRayos(machine, kind, costs[kind]);
    await powerOff(machine);
  });
  const extra = countInto(paths, COUNTS, [mark], EVENTS[disk.bus]);
  await operate(tools, { disks: [disk], transcriptFile, extra }, async (machine) => {
    const unused = emptyCosts();
    for (const kind of KINDS) await runRayos(machine, kind, unused[kind]);
    await powerOff(machine);
  });
  KINDS.forEach((kind, index) => {
    count(paths, kind, costs[kind], [mark.toString(16), mark.toString(16)], 2 * index);
  });
  return costs;
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

async function measureLinux(paths: Paths, tools: Toolbox, disk: DiskDrive): Promise<Costs> {
  const costs = emptyCosts();
  const transcriptFile = paths.of(`build/run/bench-log-linux-${disk.bus}.log`);
  const plan = { records: ENTRIES, transcriptFile };
  await runLinux(
    await startLinuxAppender(paths, tools, disk, { ...plan, rounds: ROUNDS, extra: [] }),
    ROUNDS,
    costs,
  );
  const extra = countInto(paths, COUNTS, [], EVENTS[disk.bus]);
  await runLinux(
    await startLinuxAppender(paths, tools, disk, { ...plan, rounds: 1, extra }),
    1,
    emptyCosts(),
  );
  for (const kind of KINDS) count(paths, kind, costs[kind], LINUX_MARKS[kind], 0);
  return costs;
}

async function runLinux(machine: Machine, rounds: number, costs: Costs): Promise<void> {
  try {
    for (let round = 0; round < rounds; round++) {
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
