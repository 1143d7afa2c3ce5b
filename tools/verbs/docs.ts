// docs: the pages that are made from tables of the sources.

import { run } from "../child.ts";
import { bundle } from "../bundle.mjs";
import { parse, type Verb } from "./verb.ts";

const DEADLINE_MS = 60_000;

const HELP = `node build.mjs docs [--check]

Writes the pages anew that show tables of the sources, and names those that changed:

  docs/FORMATS.md    every record of src/format, field by field
  docs/MARKERS.md    every marker, who builds it and who calls for it
  docs/COMMANDS.md   every command of the shell
  docs/LAYERS.md     which room may import which
  docs/language/diagnostics.md   what rayc refuses, and what to write instead

  --check   write nothing; name the pages that are not current, and fail if there are any`;

export const DOCS: Verb = {
  name: "docs",
  summary: "the pages that are made from tables of the sources",
  help: HELP,
  async run(paths, args) {
    const { values } = parse("docs", args, { check: { type: "boolean" } }, 0);
    const writer = await bundle(paths.root, "tools/docs/main.ts", "build/tool/docs.mjs");
    const options = values.check === true ? ["--check"] : [];
    const outcome = await run(process.execPath, [writer, paths.root, ...options], {
      deadlineMs: DEADLINE_MS,
      show: true,
    });
    return outcome.status === 0 ? 0 : 1;
  },
};
