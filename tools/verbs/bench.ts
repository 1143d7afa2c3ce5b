// bench: figures that are counted, not timed. One row a figure.

import { benchRayc } from "../bench/rayc.ts";
import { buildPrograms } from "../build/build.ts";
import { benchBoot, MEDIA } from "../count/boot.ts";
import { benchCompiler } from "../count/compiler.ts";
import { benchCoverage } from "../count/coverage.ts";
import { benchLog } from "../count/log.ts";
import { Failure } from "../failure.ts";
import { buildImage } from "../image/image.ts";
import { ensure } from "../packages.ts";
import type { Paths } from "../paths.ts";
import { parse, type Verb } from "./verb.ts";

interface Bench {
  readonly name: string;
  /** For the help: lines without indentation. */
  readonly text: readonly string[];
  /** Whether every figure is within its limit. `countOnly`: leave out what is timed. */
  run(paths: Paths, countOnly: boolean): Promise<boolean>;
}

const BENCHES: readonly Bench[] = [
  {
    name: "boot",
    text: [
      "executed instructions, firmware calls included, from the first one of rayboot.efi to its jump, and from there to",
      "the shell's prompt: from the stick, and from an NVMe and a SATA disk that it installed",
    ],
    async run(paths) {
      const tools = await ensure(["build", "run"]);
      await buildPrograms(paths, tools);
      await buildImage(paths, tools);
      return benchBoot(paths, tools, MEDIA);
    },
  },
  {
    name: "log",
    text: [
      "executed instructions, commands to the disk and speed of durable log entries, one by one and in groups of 32, beside",
      "a stock Linux (fdatasync on the raw partition) on the same NVMe and SATA disk",
    ],
    async run(paths) {
      const tools = await ensure(["build", "run", "test"]);
      await buildPrograms(paths, tools);
      await buildImage(paths, tools);
      return benchLog(paths, tools);
    },
  },
  {
    name: "compiler",
    text: [
      "timed, for once: rayc over the kernel's tree, cold, with one changed file, and watching; and the build from one changed",
      "file to a new rayos.elf",
    ],
    async run(paths) {
      await ensure(["build"]);
      return benchCompiler(paths);
    },
  },
  {
    name: "coverage",
    text: ["executed lines, in the unit tests, of every room that runs without hardware"],
    async run(paths) {
      await benchCoverage(paths, await ensure(["build", "coverage"]));
      return true;
    },
  },
  {
    name: "rayc",
    text: [
      "small programs, of C that rayc wrote with all its checks and of unchecked C written by hand: instructions of both",
      "(callgrind), and times beside those of AssemblyScript and JavaScript; with --check the times are left out",
    ],
    async run(paths, countOnly) {
      return benchRayc(paths, await ensure(["build", "bench"]), countOnly);
    },
  },
];

const NAMES = BENCHES.map((bench) => bench.name).join("|");

const HELP = `node build.mjs bench ${NAMES} [--check]

${BENCHES.map(({ name, text }) => text.map((line, index) => `  ${(index === 0 ? name : "").padEnd(10)}${line}`).join("\n")).join("\n")}

  --check   exit code 1 if a figure is beyond its limit`;

export const BENCH: Verb = {
  name: "bench",
  summary: `what is counted: bench ${NAMES}`,
  help: HELP,
  async run(paths, args) {
    const { positionals, values } = parse("bench", args, { check: { type: "boolean", default: false } }, 1);
    const bench = BENCHES.find((each) => each.name === positionals[0]);
    if (bench === undefined) throw new Failure(`What there is to count: ${NAMES}.`);
    const within = await bench.run(paths, values.check);
    return within || !values.check ? 0 : 1;
  },
};
