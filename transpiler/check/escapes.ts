// References to the stack: a struct or array of a function's own may be passed down, never kept.
//
// For each function it is worked out which parameters it keeps and returns (`owners.ts`), callees first, until no function
// is found to keep more. A call that passes a local's storage to where it is kept is refused, unless what keeps it is a
// local that ends no later. Calls through interfaces and function values count everything that they may reach.

import type { Reporter } from "../reporter.ts";
import type { FunctionInstance, Local, Program, StructDeclaration } from "../tree.ts";
import { newSummary, Pass, type Report, type Summary } from "./owners.ts";
import type { Targets } from "./targets.ts";

/** `order`: every function, callees ahead of their callers where that can be. */
export function checkEscapes(
  program: Program,
  order: readonly FunctionInstance[],
  targets: Targets,
  reporter: Reporter,
): void {
  const analysis = new Analysis(program, order, targets);
  analysis.settle();
  analysis.scan((file) => (line, local, keeper) => {
    reporter.reportAt(file, line, 1, "localEscape", local.name, keeper);
  });
}

class Analysis {
  private readonly summaries = new Map<FunctionInstance | StructDeclaration, Summary>();
  private readonly structs: readonly StructDeclaration[];
  private readonly functions: readonly FunctionInstance[];

  constructor(
    program: Program,
    order: readonly FunctionInstance[],
    readonly targets: Targets,
  ) {
    this.structs = program.modules.flatMap((module) => module.structs);
    this.functions = order.filter((instance) => instance.body !== null);
    for (const one of [...this.structs, ...this.functions]) this.summaries.set(one, newSummary());
  }

  summaryOf(callee: FunctionInstance | StructDeclaration): Summary | null {
    return this.summaries.get(callee) ?? null;
  }

  /** Repeats until no summary grows: each holds at most so many facts about its parameters, so it ends. */
  settle(): void {
    while (this.scan(null));
  }

  /** One pass over everything: grows the summaries, and reports where a file's `report` is given. */
  scan(report: ((file: string) => Report) | null): boolean {
    let grew = false;
    for (const struct of this.structs) {
      const pass = this.pass(
        struct,
        [selfOf(struct), ...struct.constructorParameters],
        struct.module.file,
        report,
      );
      if (pass.runConstructor(struct)) grew = true;
    }
    for (const instance of this.functions) {
      const pass = this.pass(instance, instance.parameters, instance.module.file, report);
      if (pass.runBody(instance.body!)) grew = true;
    }
    return grew;
  }

  private pass(
    of: FunctionInstance | StructDeclaration,
    parameters: readonly Local[],
    file: string,
    report: ((file: string) => Report) | null,
  ): Pass {
    return new Pass(this, parameters, this.summaries.get(of)!, report === null ? null : report(file));
  }
}

function selfOf(struct: StructDeclaration): Local {
  if (struct.self !== null) return struct.self;
  throw new Error(`${struct.symbol} was not lowered`);
}
