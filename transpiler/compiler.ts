// The compiler as a function: an entry module in, its files and the diagnostics out. One instance serves many entries and
// many rounds; what it keeps between them changes how long that takes and nothing else.

import { relative } from "node:path";
import type { Diagnostic } from "./diagnostics.ts";
import { isEndOfStack, NESTING_LIMIT } from "./frontend/files.ts";
import { FrontEnd, type OpenSources } from "./frontend/program.ts";
import { lowerProgram } from "./lower/program.ts";
import { printC } from "./print/c/program.ts";
import { printJavaScript } from "./print/js/program.ts";
import { Reporter } from "./reporter.ts";
import type { Program } from "./tree.ts";

export const EMITS = ["c", "js"] as const;
export type Emit = (typeof EMITS)[number];

export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  /** `null` where there are diagnostics. */
  readonly program: Program | null;
}

export class Compiler {
  private readonly frontEnd: FrontEnd;

  /** File names in diagnostics and traps are relative to `root`; `cachePath`: a file to keep verdicts in, or none. */
  constructor(
    private readonly root: string,
    cachePath: string | null,
  ) {
    this.frontEnd = new FrontEnd(cachePath);
  }

  /** Reads the sources of all entries as they are now; `use` compiles them one after the other. */
  round<T>(entries: readonly string[], use: (compile: (entry: string) => Compiled) => T): T {
    const sources = this.frontEnd.open(this.root, entries);
    try {
      return use((entry) => this.compile(sources, entry));
    } finally {
      this.frontEnd.save();
    }
  }

  /** The folders of all sources of the last round, and of what they import in vain. */
  folders(): string[] {
    return this.frontEnd.folders();
  }

  private compile(open: OpenSources, entry: string): Compiled {
    const reporter = new Reporter(this.root);
    let program: Program | null = null;
    try {
      const sources = open.sources(entry, reporter);
      // A tree is only made of sources that type-check; on errors of tsc's the rules of the subset are still reported.
      program = sources === null ? null : lowerProgram(sources, reporter, true);
    } catch (fault) {
      if (!isEndOfStack(fault)) throw fault;
      reporter.reportAt(relative(this.root, entry), 1, 1, "nestedTooDeep", `${NESTING_LIMIT}`);
    }
    const diagnostics = reporter.all();
    return { diagnostics, program: diagnostics.length > 0 ? null : program };
  }
}

/** File name → text. */
export function printProgram(program: Program, emit: Emit): ReadonlyMap<string, string> {
  return emit === "c" ? printC(program) : printJavaScript(program);
}
