// Timing the compiler: the kernel's modules checked and lowered to C, cold, with one changed file, and watching; and the whole
// build from one changed file to a new kernel. It works on a copy of the checkout, whose sources it edits.
//
// The limits are for 15,000 lines: that many are taken from the kernel's tree, in import order. The whole tree stands below
// them, without limits.
//
// What is compared with the limits is the time that a person waits, the median of some rounds. Beside it stands the time that
// processors worked for it: on a machine with other work the first is longer, the second about what it always is.

import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { KERNEL } from "../build/programs.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";

const FOLDER = "build/bench/compiler";
/** What a build needs of the checkout. */
const COPIED: readonly string[] = [
  "build.mjs",
  "linker",
  "package.json",
  "package-lock.json",
  "runtime-c",
  "src",
  "tools",
  "transpiler",
  "uefi",
];
const OUTPUT = "build/c-bench";
const VERDICTS = "build/verdicts.txt";
const ROUNDS = 5;
const DEADLINE_MS = 600_000;
/** Of Linux's clock in /proc. */
const TICKS_PER_SECOND = 100;

/** Seconds of a person's time and of processors'. */
interface Seconds {
  readonly wall: number;
  readonly processor: number;
}

/** A change as people make them: within a function, or one that every importer may see. */
interface Edit {
  readonly name: string;
  readonly file: string;
  apply(text: string, number: number): string;
}

const EDITS: readonly Edit[] = [
  {
    name: "within a function",
    file: "src/service/partition-manager.ts",
    apply: (text, number) =>
      text.replace(
        /hasTable\(\): boolean \{\n/,
        `$&    if (this.table.slotCount() === ${number}) return false;\n`,
      ),
  },
  {
    name: "a new export of base/",
    file: "src/base/text-writer.ts",
    apply: (text, number) => `${text}\nexport function round${number}(): u32 {\n  return 1;\n}\n`,
  },
];

/** Near the end of the tree: what no other module's code holds a copy of. */
const LATE_EDIT: Edit = {
  name: "within a function",
  file: "src/service/installer.ts",
  apply: (text, number) =>
    text.replace(
      /enumerateDisks\(\): void \{\n/,
      `$&    if (this.target.disks.count() === ${number}) return;\n`,
    ),
};

/** What the limits are for. */
const LIMITED_LINES = 15_000;

interface Limits {
  readonly cold: number;
  readonly fresh: number;
  readonly watch: number;
}

const LIMITS: Limits = { cold: 8, fresh: 2.5, watch: 1 };

/** Prints a row for each figure; whether all are within their limits. */
export async function benchCompiler(paths: Paths): Promise<boolean> {
  const tree = new Tree(paths);
  console.log(
    `Median of ${ROUNDS} rounds; ${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}.`,
  );
  const part = await benchEntry(tree, tree.writePart(LIMITED_LINES), LIMITS);
  const whole = await benchEntry(tree, KERNEL.entry, null);
  tree.edited(LATE_EDIT, () => tree.build());
  const built = row("build, within a function: rayos.elf", 5, () =>
    tree.edited(LATE_EDIT, () => tree.build()),
  );
  return part && whole && built;
}

async function benchEntry(tree: Tree, entry: string, limits: Limits | null): Promise<boolean> {
  console.log(`${tree.countLines(entry)} lines below ${entry}:`);
  const rows = [
    row("rayc, cold", limits?.cold, () => tree.cold(entry)),
    row("rayc, nothing changed", undefined, () => tree.fresh(entry)),
    ...EDITS.map((edit) =>
      row(`rayc, ${edit.name}`, limits?.fresh, () => tree.edited(edit, () => tree.fresh(entry))),
    ),
  ];
  const watching = await tree.watch(entry);
  for (const edit of EDITS)
    rows.push(
      await watching.row(`rayc --watch, ${edit.name}`, limits?.watch, (work) => tree.edited(edit, work)),
    );
  watching.end();
  return rows.every((within) => within);
}

function row(name: string, limit: number | undefined, measure: () => Seconds): boolean {
  return printRow(
    name,
    limit,
    Array.from({ length: ROUNDS }, () => measure()),
  );
}

function printRow(name: string, limit: number | undefined, rounds: readonly Seconds[]): boolean {
  const wall = median(rounds.map((one) => one.wall));
  const processor = median(rounds.map((one) => one.processor));
  const within = limit === undefined || wall <= limit;
  const judged = limit === undefined ? "" : `limit ${limit.toFixed(1)} s${within ? "" : ", BEYOND"}`;
  console.log(
    `  ${name.padEnd(40)}${wall.toFixed(2).padStart(6)} s   processors ${processor.toFixed(2).padStart(6)} s   ${judged}`.trimEnd(),
  );
  return within;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** The copy of the checkout. */
class Tree {
  private readonly root: string;
  private edits = Date.now() % 1_000_000;

  constructor(paths: Paths) {
    this.root = paths.of(FOLDER);
    mkdirSync(this.root, { recursive: true });
    for (const name of COPIED) {
      rmSync(join(this.root, name), { recursive: true, force: true });
      cpSync(paths.of(name), join(this.root, name), { recursive: true });
    }
    if (!existsSync(join(this.root, "node_modules")))
      symlinkSync(paths.of("node_modules"), join(this.root, "node_modules"));
    this.run(["build.mjs", "rayc"]);
  }

  /** Of a module and of all that it imports. */
  countLines(entry: string): number {
    return this.inImportOrder(entry).reduce((sum, path) => sum + linesOf(path), 0);
  }

  /** An entry that imports the first modules of the kernel's tree, in import order, until they have so many lines. */
  writePart(lines: number): string {
    const entry = `${dirname(KERNEL.entry)}/part.ts`;
    const imports: string[] = [];
    let count = 0;
    for (const path of this.inImportOrder(KERNEL.entry)) {
      if (count >= lines) break;
      count += linesOf(path);
      imports.push(`import "${relative(join(this.root, dirname(entry)), path)}";\n`);
    }
    writeFileSync(join(this.root, entry), `${imports.join("")}\nexport function main(): void {}\n`);
    return entry;
  }

  /** Imported modules stand before those that import them. */
  private inImportOrder(entry: string): string[] {
    const reached = new Set<string>();
    const order: string[] = [];
    const visit = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      const imports = readFileSync(path, "utf8").matchAll(/^(?:import|\}).* ?"(\.[^"]+)";$/gm);
      for (const [, target] of imports) visit(join(dirname(path), target!));
      order.push(path);
    };
    visit(join(this.root, entry));
    return order;
  }

  /** With nothing kept: neither verdicts nor V8's code. */
  cold(entry: string): Seconds {
    rmSync(join(this.root, OUTPUT), { recursive: true, force: true });
    rmSync(join(this.root, VERDICTS), { force: true });
    rmSync(join(this.root, "build/tool/typescript.code"), { force: true });
    return this.fresh(entry);
  }

  /** A new process. */
  fresh(entry: string): Seconds {
    return this.run(wordsFor(entry));
  }

  /** Does `work` with a changed file. */
  edited<T>(edit: Edit, work: () => T): T {
    const path = join(this.root, edit.file);
    const text = readFileSync(path, "utf8");
    const changed = edit.apply(text, ++this.edits);
    if (changed === text) throw new Failure(`${edit.file} is not what the bench knows how to edit.`);
    writeFileSync(path, changed);
    const restore = (): void => writeFileSync(path, text);
    const result = work();
    if (result instanceof Promise) return result.finally(restore) as T;
    restore();
    return result;
  }

  /** The build of everything; what counts is when the kernel is there. */
  build(): Seconds {
    const start = Date.now();
    const { processor } = this.run(["build.mjs", "build"]);
    const { mtimeMs } = statSync(join(this.root, "build/rayos.elf"));
    if (mtimeMs < start) throw new Failure("The build left the kernel as it was.");
    return { wall: (mtimeMs - start) / 1000, processor };
  }

  watch(entry: string): Promise<Watching> {
    return Watching.start(this.root, [...wordsFor(entry), "--watch"]);
  }

  private run(words: readonly string[]): Seconds {
    const [start, before] = [performance.now(), processorSeconds("self", CHILDREN)];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: this.root,
      encoding: "utf8",
      timeout: DEADLINE_MS,
    });
    if (status !== 0) throw new Failure(`${stdout}${stderr}\nnode ${words.join(" ")} failed.`);
    return {
      wall: (performance.now() - start) / 1000,
      processor: processorSeconds("self", CHILDREN) - before,
    };
  }
}

function wordsFor(entry: string): string[] {
  return ["build/tool/rayc.mjs", entry, "--target", KERNEL.target, "--out-dir", OUTPUT, "--cache", VERDICTS];
}

function linesOf(path: string): number {
  return readFileSync(path, "utf8").split("\n").length - 1;
}

/** A rayc that watches. */
class Watching {
  private constructor(
    private readonly child: ReturnType<typeof spawn>,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static async start(root: string, words: readonly string[]): Promise<Watching> {
    const child = spawn(process.execPath, words, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
    const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]();
    const watching = new Watching(child, lines);
    await watching.round();
    return watching;
  }

  /** From a file that is written to rayc's word that all is compiled; the way back is a round too, and not counted. */
  async row(
    name: string,
    limit: number | undefined,
    edit: (work: () => Promise<Seconds>) => Promise<Seconds>,
  ): Promise<boolean> {
    const rounds: Seconds[] = [];
    for (let count = 0; count < ROUNDS; count++) {
      rounds.push(await edit(() => this.measure()));
      await this.round();
    }
    return printRow(name, limit, rounds);
  }

  end(): void {
    this.child.kill();
  }

  private async measure(): Promise<Seconds> {
    const process = `${this.child.pid}`;
    const [start, before] = [performance.now(), processorSeconds(process, OWN)];
    await this.round();
    return { wall: (performance.now() - start) / 1000, processor: processorSeconds(process, OWN) - before };
  }

  private async round(): Promise<void> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done === true) throw new Failure("rayc --watch ended.");
      if (/^Errors/.test(value)) throw new Failure("rayc --watch found errors in a tree that has none.");
      if (/Waiting for changes/.test(value)) return;
    }
  }
}

/** Which two numbers of /proc/…/stat, counted behind the program's name: time of its own, and of children that have ended. */
const OWN = 11;
const CHILDREN = 13;

function processorSeconds(process: string, place: number): number {
  const stat = readFileSync(`/proc/${process}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[place]) + Number(fields[place + 1])) / TICKS_PER_SECOND;
}
