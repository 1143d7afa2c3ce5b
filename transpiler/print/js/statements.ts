// Statements and function bodies in checked JavaScript.

import type { Statement } from "../../tree.ts";
import { canTrap } from "../../traps.ts";
import { hasEffects } from "../../types.ts";
import type { Writer } from "../writer.ts";
import { localName, print, printPlain } from "./expressions.ts";
import type { Names } from "./names.ts";

export function printBody(w: Writer, n: Names, statements: readonly Statement[]): void {
  for (const statement of statements) printStatement(w, n, statement);
}

function block(w: Writer, n: Names, statements: readonly Statement[]): void {
  w.indented(() => printBody(w, n, statements));
}

function printStatement(w: Writer, n: Names, s: Statement): void {
  n.line = s.line;
  switch (s.kind) {
    case "declare":
      return w.text(
        s.value === null ? `let ${localName(s.local)};` : `let ${localName(s.local)} = ${print(n, s.value)};`,
      );
    case "assign":
      return w.text(`${assignment(n, s)};`);
    case "evaluate":
      return w.text(`${print(n, s.value)};`);
    case "if":
      return printIf(w, n, s);
    case "loop":
      return printLoop(w, n, s);
    case "doWhile":
      return printDoWhile(w, n, s);
    case "switch":
      return printSwitch(w, n, s);
    case "return":
      return w.text(s.value === null ? "return;" : `return ${print(n, s.value)};`);
    case "break":
    case "continue":
      return w.text(s.label === undefined ? `${s.kind};` : `${s.kind} ${s.label};`);
    case "block":
      return printBlock(w, n, s);
    case "trap":
      return w.text(`$.trap("unreachable", ${n.here()}, ${JSON.stringify(s.message)});`);
    case "assert":
      return w.text(
        `if (!${print(n, s.condition)}) $.trap("assert", ${n.here()}, ${JSON.stringify(s.message)});`,
      );
  }
}

function printBlock(w: Writer, n: Names, s: Statement & { kind: "block" }): void {
  w.text(`${labelled(s)}{`);
  if (s.file === undefined) block(w, n, s.body);
  else n.within(s.file, () => block(w, n, s.body));
  w.text("}");
}

function labelled({ label }: { readonly label?: string }): string {
  return label === undefined ? "" : `${label}: `;
}

/** The value is evaluated and checked before the place is: where both may trap, the value's trap is the one that happens. */
function assignment(n: Names, s: Statement & { kind: "assign" }): string {
  const target = printPlain(n, s.target);
  const value = print(n, s.value);
  const valueFirst =
    s.target.kind !== "local" && canTrap(s.target) && (canTrap(s.value) || hasEffects(s.value));
  return valueFirst ? `{ const $value = ${value}; ${target} = $value; }` : `${target} = ${value}`;
}

function printIf(w: Writer, n: Names, s: Statement & { kind: "if" }): void {
  w.text(`if (${print(n, s.condition)}) {`);
  block(w, n, s.whenTrue);
  if (s.whenFalse.length > 0) {
    w.text("} else {");
    block(w, n, s.whenFalse);
  }
  w.text("}");
}

function printLoop(w: Writer, n: Names, s: Statement & { kind: "loop" }): void {
  const isSimple = s.after.every((part) => part.kind === "assign" && !canTrap(part.target));
  if (isSimple)
    w.text(
      `${labelled(s)}for (;; ${s.after.map((part) => (part.kind === "assign" ? assignment(n, part) : "")).join(", ")}) {`,
    );
  else w.text(`${labelled(s)}for (let $first = true; ; $first = false) {`);
  w.indented(() => {
    if (!isSimple) {
      w.text("if (!$first) {");
      block(w, n, s.after);
      w.text("}");
    }
    printBody(w, n, s.before);
    n.line = s.line;
    if (s.condition !== null) w.text(`if (!${print(n, s.condition)}) break;`);
    printBody(w, n, s.body);
  });
  w.text("}");
}

/** `before` and the condition run behind each round, also after `continue`: at the head of the next. */
function printDoWhile(w: Writer, n: Names, s: Statement & { kind: "doWhile" }): void {
  w.text(`${labelled(s)}for (let $first = true; ; $first = false) {`);
  w.indented(() => {
    w.text("if (!$first) {");
    w.indented(() => {
      printBody(w, n, s.before);
      n.line = s.line;
      w.text(`if (!${print(n, s.condition)}) break;`);
    });
    w.text("}");
    printBody(w, n, s.body);
  });
  w.text("}");
}

function printSwitch(w: Writer, n: Names, s: Statement & { kind: "switch" }): void {
  w.text(`switch (${print(n, s.value)}) {`);
  for (const one of s.cases) {
    for (const value of one.values) w.text(`case ${print(n, value)}:`);
    w.text(one.values.length === 0 ? "default: {" : "{");
    block(w, n, one.body);
    w.text("}");
    w.text("break;");
  }
  w.text("}");
}
