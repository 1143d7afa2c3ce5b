// The worst stack of a program: known from the frames of clang and the calls of rayc, and refused where it does not fit.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { calleesIn, framesIn, reportStack, stackNeeds, type StackEntry } from "../../tools/build/stack.ts";
import { KERNEL_STACK_BYTES } from "../../tools/build/programs.ts";
import { Toolbox } from "../../tools/environment.ts";
import { Paths } from "../../tools/paths.ts";
import { printC } from "../../transpiler/print/c/program.ts";
import { compile, findRoot, writeAll } from "./support/compiler.ts";

const FLAGS = ["-std=gnu17", "-O1", "-fno-inline", "-ffreestanding", "-fno-builtin", "-fstack-usage"];
/** Two disks of different appetite behind one interface, and a function value. */
const SOURCE = `
interface Disk {
  read(at: u32): u32;
}
class Small implements Disk {
  read(at: u32): u32 {
    return at + 1;
  }
}
class Large implements Disk {
  read(at: u32): u32 {
    const room = new Uint8Array(6000);
    room[at & 1023] = 7;
    return room[5];
  }
}
type Step = (value: u32) => u32;
function deep(value: u32): u32 {
  const room = new Uint8Array(3000);
  room[value & 1023] = 9;
  return room[4];
}
function flat(value: u32): u32 {
  return value;
}
const small = new Small();
const large = new Large();
let disk: Disk = small;
let step: Step = flat;
function read(at: u32): u32 {
  return disk.read(at);
}
export function main(): void {
  if (read(3) === 4) {
    disk = large;
    step = deep;
  }
  assert(step(read(1)) < 9);
}
`;

const root = findRoot();
const paths = new Paths(root);
const folder = `build/test-transpiler/stack-${process.pid}`;
const BRIEF = { at: null, stack: "", source: "", diagnostic: false } as const;

rmSync(paths.of(folder), { recursive: true, force: true });
mkdirSync(paths.of(folder), { recursive: true });
writeFileSync(paths.of(folder, "program.ts"), SOURCE);
const { program, diagnostics } = compile(root, join(folder, "program.ts"));
t.strictSame(diagnostics, [], "the program is of the subset", BRIEF);
const files = printC(program!);
writeAll(paths.of(folder, "c"), files);
for (const name of [...files.keys()].filter((one) => one.endsWith(".c")))
  execFileSync(
    new Toolbox().clang,
    [
      ...FLAGS,
      "-I",
      "runtime-c/shared",
      "-I",
      join(folder, "c"),
      "-c",
      join(folder, "c", name),
      "-o",
      join(folder, `${name}.o`),
    ],
    { cwd: root },
  );
const callees = calleesIn(readFileSync(paths.of(folder, "c/calls.txt"), "utf8"));
const frames = framesIn(paths, [folder]);

function entry(limitBytes: number): StackEntry {
  return { name: "main", functions: ["ray_main"], extraBytes: 100, limitBytes };
}

const [need] = stackNeeds(frames, callees, [entry(16384)], 50);
t.ok(need!.bytes > 6150, `the deepest goes through the interface: ${need!.bytes} bytes`, BRIEF);
t.ok(need!.bytes < 9000, "what is called one after the other does not add up", BRIEF);
t.ok(
  need!.chain.some((one) => one.endsWith("Large_read")),
  "the chain names who needs it",
  BRIEF,
);
t.match(reportStack("program", [need!]), [/main: at most \d+ of 16384 bytes/], "it fits", BRIEF);

const tooSmall = stackNeeds(frames, callees, [entry(4096)], 50);
t.throws(
  () => reportStack("program", tooSmall),
  { message: /'main' may need \d+ of 4096 bytes:[^]*Large_read/ },
  "a stack that is too small fails the build, which says what chain of calls needs more",
);

const both = stackNeeds(frames, callees, [{ ...entry(16384), functions: ["ray_main", "ray_main"] }], 50);
t.equal(both[0]!.bytes, 2 * need!.bytes - 150, "what stands on top of each other adds up", BRIEF);
t.throws(
  () => stackNeeds(frames, new Map([["ray_main", ["ray_main"]]]), [entry(16384)], 0),
  { message: /comes back to itself/ },
  "a cycle has no bound",
);
t.throws(
  () => stackNeeds(frames, callees, [{ ...entry(16384), functions: ["nobody"] }], 0),
  { message: /nobody, which has no frame/ },
  "an entry that is not there is no entry that fits",
);
/** A constant of a source, by its name. */
function constantOf(file: string, name: string): number {
  return Number(new RegExp(`\\b${name}(?: equ| =) (\\d+)`).exec(readFileSync(paths.of(file), "utf8"))?.[1]);
}

const guard = constantOf("src/machine/stacks.ts", "STACK_GUARD_BYTES");
for (const file of ["src/machine/stacks.ts", "runtime-c/kernel/entry.asm"])
  t.equal(
    constantOf(file, "STACK_STRIDE") - guard,
    KERNEL_STACK_BYTES,
    `the bound is what ${file} reserves`,
    BRIEF,
  );

if (t.passing()) rmSync(paths.of(folder), { recursive: true, force: true });
