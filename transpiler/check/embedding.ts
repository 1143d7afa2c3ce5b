// Embedding: an instance that stands in another makes it larger, so no class may stand in itself.

import type { Reporter } from "../reporter.ts";
import type { Field, Program, StructDeclaration } from "../tree.ts";

export function checkEmbedding(program: Program, reporter: Reporter): void {
  const done = new Set<StructDeclaration>();
  const path: StructDeclaration[] = [];
  const visit = (struct: StructDeclaration): void => {
    if (done.has(struct)) return;
    path.push(struct);
    for (const field of struct.fields) {
      const inner = embeddedIn(field);
      if (inner === null) continue;
      if (path.includes(inner)) {
        reporter.reportAt(struct.module.file, field.line, 1, "selfEmbedding", field.name, inner.symbol);
      } else visit(inner);
    }
    path.pop();
    done.add(struct);
  };
  for (const module of program.modules) module.structs.forEach(visit);
}

export function embeddedIn({ storage }: Field): StructDeclaration | null {
  return storage.kind === "value" ? null : storage.struct;
}
