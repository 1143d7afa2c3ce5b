// The verbs of the front door. Each has a file in verbs/; this one finds the right one, and turns a Failure into its
// one sentence.

import { Failure } from "./failure.ts";
import { Paths } from "./paths.ts";
import { BENCH } from "./verbs/bench.ts";
import { BUILD } from "./verbs/build.ts";
import { DOCS } from "./verbs/docs.ts";
import { FUZZ } from "./verbs/fuzz.ts";
import { IMAGE } from "./verbs/image.ts";
import { RAYC } from "./verbs/rayc.ts";
import { RUN } from "./verbs/run.ts";
import { TEST } from "./verbs/test.ts";
import type { Verb } from "./verbs/verb.ts";

const VERBS: readonly Verb[] = [BUILD, IMAGE, RUN, TEST, FUZZ, BENCH, DOCS, RAYC];

/** Runs what was typed; returns the exit status. */
export async function main(root: string, words: readonly string[]): Promise<number> {
  const [name = "--help", ...args] = words;
  if (name === "--help" || name === "-h" || name === "help") {
    console.log(overview());
    return 0;
  }
  const verb = VERBS.find((each) => each.name === name);
  if (verb === undefined) {
    console.error(`There is no '${name}'. What there is: ${VERBS.map((each) => each.name).join(", ")}.`);
    return 2;
  }
  if (!verb.ownHelp && args.some((word) => word === "--help" || word === "-h")) {
    console.log(verb.help);
    return 0;
  }
  try {
    return await verb.run(new Paths(root), args);
  } catch (fault) {
    if (!(fault instanceof Failure)) throw fault;
    console.error(fault.message);
    return 1;
  }
}

function overview(): string {
  const lines = VERBS.map((verb) => `  ${verb.name.padEnd(7)} ${verb.summary}`);
  return `node build.mjs <verb> [--help]\n\n${lines.join("\n")}\n\nnpm start is run, npm test is test, npm run build is build.`;
}
