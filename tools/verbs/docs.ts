// docs: the pages that are made from tables of the sources.

import { runOrFail } from "../child.ts";
import { bundle } from "../bundle.mjs";
import { parse, type Verb } from "./verb.ts";

const HELP = `node build.mjs docs

Writes the pages under docs/reference/ anew, each from the table of the sources that it shows: the diagnostics of rayc, and
which room of src/ may import which.`;

export const DOCS: Verb = {
  name: "docs",
  summary: "the reference pages that are made from tables",
  help: HELP,
  async run(paths, args) {
    parse("docs", args, {}, 0);
    const writer = await bundle(paths.root, "tools/docs/main.ts", "build/tool/docs.mjs");
    const written = await runOrFail(process.execPath, [writer, paths.of("docs/reference")], { deadlineMs: 60_000 });
    process.stderr.write(written);
    return 0;
  },
};
