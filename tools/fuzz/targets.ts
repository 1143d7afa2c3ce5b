// The targets of `node build.mjs fuzz`, a row each.

import { CRASH } from "./crash.ts";
import { PARSERS } from "./parsers.ts";
import { runDriver, type FuzzTarget } from "./target.ts";

export const TARGETS: readonly FuzzTarget[] = [
  {
    name: "transpiler",
    summary: "random programs: checked JavaScript, C at -O0 under sanitizers and C at -O2 do the same",
    count: 500,
    purposes: ["build", "test"],
    run: (paths, _tools, wishes) => runDriver(paths, "tests/transpiler/fuzz/programs.ts", wishes),
  },
  {
    name: "diagnostics",
    summary: "sources with mistakes: the compiler refuses or accepts, and never fails",
    count: 300,
    purposes: ["build", "test"],
    run: (paths, _tools, wishes) => runDriver(paths, "tests/transpiler/fuzz/diagnostics.ts", wishes),
  },
  PARSERS,
  CRASH,
];
