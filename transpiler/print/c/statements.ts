// Statements and function bodies in C: one statement a line, each under the `#line` of its source.

import { isBroken } from "../../sabotage.ts";
import type { Expression, FunctionInstance, Local, Statement } from "../../tree.ts";
import { typeTag } from "../../types.ts";
import { cName, localName, place, print } from "./expressions.ts";
import { cType, elementType, localType } from "./types.ts";
import { textLiteral } from "./expressions.ts";
import type { Writer } from "../writer.ts";

export function printBody(writer: Writer, statements: readonly Statement[]): void {
  for (const statement of statements) printStatement(writer, statement);
}

function block(writer: Writer, statements: readonly Statement[]): void {
  writer.indented(() => printBody(writer, statements));
}

function printStatement(writer: Writer, s: Statement): void {
  switch (s.kind) {
    case "declare":
      return printDeclaration(writer, s.line, s.local, s.value);
    case "assign":
      return writer.at(s.line, `${assignment(s)};`);
    case "evaluate":
      return writer.at(s.line, s.value.kind === "local" ? `(void)${print(s.value)};` : `${print(s.value)};`);
    case "if":
      return printIf(writer, s);
    case "loop":
      return printLoop(writer, s, "");
    case "doWhile":
      return printDoWhile(writer, s);
    case "switch":
      return printSwitch(writer, s);
    case "return":
      return writer.at(s.line, s.value === null ? "return;" : `return ${print(s.value)};`);
    case "break":
    case "continue":
      return writer.at(s.line, s.label === undefined ? `${s.kind};` : `goto ${s.label};`);
    case "block":
      return printBlock(writer, s);
    case "trap":
      return writer.at(s.line, `ray_unreachable(${message(s.message)}, RAY_HERE);`);
    case "assert":
      return writer.at(s.line, `RAY_ASSERT(${print(s.condition)}, ${message(s.message)});`);
  }
}

function message(text: string): string {
  return textLiteral(text).literal;
}

function assignment(s: Statement & { kind: "assign" }): string {
  return `${place(s.target)} = ${print(s.value)}`;
}

function printDeclaration(writer: Writer, line: number, local: Local, value: Expression | null): void {
  const name = localName(local);
  const { storage } = local;
  if (storage.kind === "struct" && value !== null && value.kind === "construct") {
    writer.at(line, `${storage.struct.symbol} ${name};`);
    writer.at(line, `${constructorName(value)}(${[`&${name}`, ...value.parameters.map(print)].join(", ")});`);
    return;
  }
  if (storage.kind === "elements") {
    writer.at(
      line,
      `${elementType(storage.element)} ${name}[${storage.length}] = ${storage.length === 0 ? "{}" : "{ 0 }"};`,
    );
    if (value !== null) printElements(writer, line, name, value);
    return;
  }
  const type = localType(local);
  const gap = type.endsWith("*") ? "" : " ";
  writer.at(line, value === null ? `${type}${gap}${name};` : `${type}${gap}${name} = ${print(value)};`);
}

export function constructorName(value: Expression & { kind: "construct" }): string {
  return `${value.struct.module.name}__${value.struct.symbol}_construct`;
}

/** Fills an array that is zero already. */
export function printElements(writer: Writer, line: number, target: string, value: Expression): void {
  if (value.kind !== "elements" || value.make === null) return;
  const { make, length } = value;
  const filled =
    make.kind === "construct"
      ? `${constructorName(make)}(${[`&${target}[ray_i]`, ...make.parameters.map(print)].join(", ")});`
      : `${target}[ray_i] = ${print(make)};`;
  writer.at(line, `for (uint32_t ray_i = 0; ray_i < ${length}; ray_i++) ${filled}`);
}

function printIf(writer: Writer, s: Statement & { kind: "if" }): void {
  if (s.whenTrue.length === 0 && s.whenFalse.length > 0) {
    writer.at(s.line, `if (!${print(s.condition)}) {`);
    block(writer, s.whenFalse);
    writer.text("}");
    return;
  }
  writer.at(s.line, `if (${bare(print(s.condition))}) {`);
  block(writer, s.whenTrue);
  if (s.whenFalse.length > 0) {
    writer.text("} else {");
    block(writer, s.whenFalse);
  }
  writer.text("}");
}

/** Without the parentheses that enclose all of it. */
function bare(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")") depth--;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}

function printLoop(writer: Writer, s: Statement & { kind: "loop" }, initial: string): void {
  const isSimple = s.before.length === 0;
  const test = isSimple && s.condition !== null ? bare(print(s.condition)) : "";
  const updates = s.after.map((part) => (part.kind === "assign" ? assignment(part) : ""));
  if (s.after.length === 0 && initial === "" && isSimple)
    writer.at(s.line, `while (${test === "" ? "true" : test}) {`);
  else writer.at(s.line, `for (${initial}; ${test}; ${updates.join(", ")}) {`);
  writer.indented(() => {
    if (!isSimple) {
      printBody(writer, s.before);
      if (s.condition !== null) writer.at(s.line, `if (!${print(s.condition)}) break;`);
    }
    printBody(writer, s.body);
    printLabel(writer, s.label);
  });
  writer.text("}");
}

function printLabel(writer: Writer, label: string | undefined): void {
  if (label !== undefined) writer.text(`${label}:;`);
}

function printDoWhile(writer: Writer, s: Statement & { kind: "doWhile" }): void {
  if (s.before.length === 0) {
    writer.at(s.line, "do {");
    block(writer, s.body);
    printLabel(writer, s.label);
    writer.at(s.line, `} while (${bare(print(s.condition))});`);
    return;
  }
  writer.at(s.line, "for (bool ray_first = true;; ray_first = false) {");
  writer.indented(() => {
    writer.text("if (!ray_first) {");
    writer.indented(() => {
      printBody(writer, s.before);
      writer.at(s.line, `if (!${print(s.condition)}) break;`);
    });
    writer.text("}");
    printBody(writer, s.body);
    printLabel(writer, s.label);
  });
  writer.text("}");
}

/** A declaration and the loop behind it are one `for`. */
function printBlock(writer: Writer, s: Statement & { kind: "block" }): void {
  const [first, second] = s.body;
  const isPlain = s.label === undefined && s.file === undefined;
  if (
    isPlain &&
    s.body.length === 2 &&
    first!.kind === "declare" &&
    second!.kind === "loop" &&
    first!.local.storage.kind === "value"
  ) {
    const type = localType(first!.local);
    const initial = first!.value === null ? "" : ` = ${print(first!.value)}`;
    printLoop(writer, second!, `${type} ${localName(first!.local)}${initial}`);
    return;
  }
  writer.text("{");
  if (s.file === undefined) block(writer, s.body);
  else writer.within(s.file, () => block(writer, s.body));
  writer.text("}");
  printLabel(writer, s.label);
}

function printSwitch(writer: Writer, s: Statement & { kind: "switch" }): void {
  const isText = s.value.type.kind === "string";
  // Of two values clang takes a switch for a slip.
  const cast = s.value.type.kind === "boolean" ? "(int)" : "";
  writer.at(s.line, `switch (${isText ? textCaseIndex(s) : `${cast}${print(s.value)}`}) {`);
  s.cases.forEach((one, index) => {
    if (isText && one.values.length > 0) writer.text(`case ${index}:`);
    else for (const value of one.values) writer.text(`case ${print(value)}:`);
    writer.text(one.values.length === 0 ? "default: {" : "{");
    block(writer, isBroken("fall") ? withoutBreak(one.body) : one.body);
    writer.text("}");
    if (!endsFlow(one.body)) writer.text("break;");
  });
  writer.text("}");
}

/** Which case of a switch over strings it is, by comparing with one after the other. */
function textCaseIndex(s: Statement & { kind: "switch" }): string {
  const tests = s.cases.map((one, index) => {
    const test = one.values
      .map((value) => `ray_string_equal(${print(s.value)}, ${print(value)})`)
      .join(" || ");
    return test === "" ? "" : `${test} ? ${index} : `;
  });
  return `${tests.join("")}-1`;
}

/** For sabotage alone. */
function withoutBreak(statements: Statement[]): Statement[] {
  const last = statements[statements.length - 1];
  if (last?.kind === "break") return statements.slice(0, -1);
  if (last?.kind !== "block") return statements;
  return [...statements.slice(0, -1), { ...last, body: withoutBreak(last.body) }];
}

function endsFlow(statements: readonly Statement[]): boolean {
  const last = statements[statements.length - 1];
  if (last === undefined) return false;
  if (last.kind === "block") return last.label === undefined && endsFlow(last.body);
  return last.kind === "return" || last.kind === "break" || last.kind === "continue" || last.kind === "trap";
}

export function signature(instance: FunctionInstance): string {
  const parameters = instance.parameters.map((local) => {
    const type = cType(local.type);
    return `${type}${type.endsWith("*") ? "" : " "}${localName(local)}`;
  });
  const result = instance.result.kind === "result" ? typeTag(instance.result) : cType(instance.result);
  const gap = result.endsWith("*") ? "" : " ";
  const prefix = instance.result.kind === "never" ? "_Noreturn " : "";
  return `${prefix}${result}${gap}${cName(instance.symbol)}(${parameters.length === 0 ? "void" : parameters.join(", ")})`;
}
