// References to the stack: a struct or array of a function's own may be passed down, never kept.
//
// For each function it is worked out which parameters it keeps and returns (`owners.ts`), callees first, until no function
// is found to keep more. A call that passes a local's storage to where it is kept is refused, unless what keeps it is a
// local that ends no later. Calls through interfaces and function values count everything that they may reach.

import type { Reporter } from "../reporter.ts";
import type { FunctionInstance, Local, Program, StructDeclaration } from "../tree.ts";
import { newSummary, Pass, type Report, type Summary, type Surroundings } from "./owners.ts";
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
  analysis.report((file) => (line, local, keeper, other) => {
    reporter.reportAt(other ?? file, line, 1, "localEscape", local.name, keeper);
  });
}

/** What is gone through: a function, or a class's constructor. */
type Body = FunctionInstance | StructDeclaration;

class Analysis {
  private readonly summaries = new Map<Body, Summary>();
  private readonly bodies: readonly Body[];
  /** Which bodies asked for a summary. */
  private readonly askers = new Map<Body, Set<Body>>();
  /** Those with storage of their own: nothing else can escape. */
  private readonly owning = new Set<Body>();

  constructor(
    program: Program,
    order: readonly FunctionInstance[],
    readonly targets: Targets,
  ) {
    const structs = program.modules.flatMap((module) => module.structs);
    this.bodies = [...structs, ...order.filter((instance) => instance.body !== null)];
    for (const one of this.bodies) this.summaries.set(one, newSummary());
  }

  /** Repeats where a summary grew that was asked for: each holds at most so many facts about its parameters, so it ends. */
  settle(): void {
    let waiting: ReadonlySet<Body> = new Set(this.bodies);
    while (waiting.size > 0) {
      const next = new Set<Body>();
      for (const one of this.bodies) {
        if (!waiting.has(one) || !this.pass(one, null)) continue;
        for (const asker of this.askers.get(one) ?? []) next.add(asker);
      }
      waiting = next;
    }
  }

  report(reportIn: (file: string) => Report): void {
    for (const one of this.bodies) if (this.owning.has(one)) this.pass(one, reportIn(one.module.file));
  }

  /** Goes through a body; gives whether its summary grew. */
  private pass(one: Body, report: Report | null): boolean {
    const surroundings: Surroundings = {
      targets: this.targets,
      summaryOf: (callee) => this.summaryFor(one, callee),
      ownsStorage: () => void this.owning.add(one),
    };
    const isFunction = "body" in one;
    const parameters = isFunction ? one.parameters : [selfOf(one), ...one.constructorParameters];
    const pass = new Pass(surroundings, parameters, this.summaries.get(one)!, report);
    return isFunction ? pass.runBody(one.body!) : pass.runConstructor(one);
  }

  private summaryFor(asker: Body, callee: Body): Summary | null {
    const askers = this.askers.get(callee) ?? new Set();
    this.askers.set(callee, askers.add(asker));
    return this.summaries.get(callee) ?? null;
  }
}

function selfOf(struct: StructDeclaration): Local {
  if (struct.self !== null) return struct.self;
  throw new Error(`${struct.symbol} was not lowered`);
}
