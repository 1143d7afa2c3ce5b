// bench: figures that are counted, not timed.

import { ensure } from "../packages.ts";
import { benchBoot } from "../count/boot.ts";
import { benchCoverage } from "../count/coverage.ts";
import { Failure } from "../failure.ts";
import { buildPrograms } from "../build/build.ts";
import { buildImage } from "../image/image.ts";
import { parse, type Verb } from "./verb.ts";

const HELP = `node build.mjs bench boot|coverage

  boot      boots the image in QEMU and counts the executed instructions, firmware calls included: from the first
            instruction of rayboot.efi to its jump, and from there to the shell's prompt
  coverage  runs the unit tests and counts the executed lines of every room that runs without hardware`;

export const BENCH: Verb = {
  name: "bench",
  summary: "what is counted: bench boot, bench coverage",
  help: HELP,
  async run(paths, args) {
    const [what] = parse("bench", args, {}, 1).positionals;
    if (what === "coverage") {
      await benchCoverage(paths, await ensure(["build", "coverage"]));
      return 0;
    }
    if (what !== "boot") throw new Failure("What there is to count: bench boot, bench coverage.");
    const tools = await ensure(["build", "run"]);
    await buildPrograms(paths, tools);
    await buildImage(paths, tools);
    await benchBoot(paths, tools);
    return 0;
  },
};
