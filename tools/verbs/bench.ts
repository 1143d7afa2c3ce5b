// bench: figures that are counted, not timed.

import { ensure } from "../packages.ts";
import { benchBoot } from "../count/boot.ts";
import { Failure } from "../failure.ts";
import { buildPrograms } from "../build/build.ts";
import { buildImage } from "../image/image.ts";
import { parse, type Verb } from "./verb.ts";

const HELP = `node build.mjs bench boot

Boots the image in QEMU and counts the executed instructions, firmware calls included: from the first instruction of
rayboot.efi to its jump, and from there to the shell's prompt.`;

export const BENCH: Verb = {
  name: "bench",
  summary: "executed instructions of a boot",
  help: HELP,
  async run(paths, args) {
    const [what] = parse("bench", args, {}, 1).positionals;
    if (what !== "boot") throw new Failure("What there is to count: bench boot.");
    const tools = await ensure(["build", "run"]);
    await buildPrograms(paths, tools);
    await buildImage(paths, tools);
    await benchBoot(paths, tools);
    return 0;
  },
};
