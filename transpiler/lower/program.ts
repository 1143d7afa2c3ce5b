// The lowering's entry: sources in, checked tree out.

import { ts, type CheckedSources } from "../frontend/program.ts";
import { checkEmbedding } from "../check/embedding.ts";
import { checkEscapes } from "../check/escapes.ts";
import { checkRecursion } from "../check/recursion.ts";
import { Targets } from "../check/targets.ts";
import { checkTextWrites } from "../check/text-writes.ts";
import type { Reporter } from "../reporter.ts";
import type { FunctionInstance, Program } from "../tree.ts";
import { Context } from "./context.ts";
import { functionOf, lowerModule } from "./declarations.ts";
import { dropReplaced } from "./helpers.ts";
import { nameApart } from "./symbols.ts";

/** `needsEntry`: the last file must export `main`. */
export function lowerProgram(sources: CheckedSources, reporter: Reporter, needsEntry: boolean): Program {
  const context = new Context(sources, reporter);
  for (const file of sources.files) lowerModule(context, file);
  const entry = needsEntry ? findEntry(context) : null;
  for (let body = context.pending.shift(); body !== undefined; body = context.pending.shift()) body();
  dropReplaced(context);
  const program = { modules: [...context.modules.values()], entry };
  nameApart(program, context.made);
  checkEmbedding(program, reporter);
  const targets = Targets.in(program);
  const order = checkRecursion(program, targets, reporter);
  checkEscapes(program, order, targets, reporter);
  checkTextWrites(program, targets, reporter);
  return program;
}

function findEntry(context: Context): FunctionInstance | null {
  const file = context.sources.files.at(-1);
  const node = file?.statements.find((part) => ts.isFunctionDeclaration(part) && part.name?.text === "main");
  const symbol = node === undefined ? null : context.symbolOf((node as ts.FunctionDeclaration).name!);
  const instance = symbol === null ? null : functionOf(context, symbol, []);
  if (instance === null && file !== undefined) {
    context.reporter.reportAt(
      context.modules.get(file)!.file,
      1,
      1,
      "entryMissing",
      context.modules.get(file)!.file,
    );
  }
  return instance;
}
