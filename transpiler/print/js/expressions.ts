// Expressions in checked JavaScript. Every text that comes out is a primary expression or in parentheses.

import type { Expression, Local, StructDeclaration, Type } from "../../tree.ts";
import { checksPlace } from "../../traps.ts";
import type { Names } from "./names.ts";

/** Method names get a prefix, so that no field and nothing of Object's is in their way. */
export function methodName(name: string): string {
  return `$${name}`;
}

/** `this` is the first parameter of a method, which is a function. */
export function localName({ name }: Local): string {
  return name === "this" ? "self" : name === "self" ? "self_" : name;
}

/** The JavaScript text of a value. */
export function print(n: Names, e: Expression): string {
  const text = printPlain(n, e);
  return n.audits && isCalculated(e) ? audited(n, e, text) : text;
}

/** What the compiler takes an interval to be known of, beyond the type of a place. */
function isCalculated(e: Expression): boolean {
  return e.interval !== null && e.kind !== "constant" && e.kind !== "global" && e.kind !== "field";
}

function audited(n: Names, e: Expression, text: string): string {
  const { low, high } = e.interval!;
  const big = isBig(e);
  return `$.audit(${text}, ${integerLiteral(low, big)}, ${integerLiteral(high, big)}, ${n.here()})`;
}

/** The same without a question about the whole of it: what stands on the left of an assignment. */
export function printPlain(n: Names, e: Expression): string {
  const sub = (part: Expression): string => print(n, part);
  const list = (values: readonly Expression[]): string => values.map(sub).join(", ");
  switch (e.kind) {
    case "constant":
      return constant(e);
    case "local":
      return localName(e.local);
    case "global":
      return n.use(e.global.module, e.global.symbol);
    case "function":
      return functionName(n, e);
    case "field":
      return `${sub(e.object)}.${e.field.name}`;
    case "index":
      return element(n, e);
    case "length":
      return `${sub(e.object)}.length`;
    case "not":
      return `!${sub(e.operand)}`;
    case "and":
      return `(${sub(e.left)} && ${sub(e.right)})`;
    case "or":
      return `(${sub(e.left)} || ${sub(e.right)})`;
    case "compare":
      return `(${sub(e.left)} ${e.operator} ${sub(e.right)})`;
    case "choose":
      return `(${sub(e.condition)} ? ${sub(e.whenTrue)} : ${sub(e.whenFalse)})`;
    case "call":
      return `${functionName(n, e)}(${list(e.parameters)})`;
    case "callValue":
      return `${sub(e.callee)}(${list(e.parameters)})`;
    case "dispatch":
      return `${sub(e.object)}.${methodName(e.method)}(${list(e.parameters)})`;
    case "library":
      return printLibrary(n, e);
    case "nonNull":
      return `$.nonNull(${sub(e.operand)}, ${n.here()})`;
    case "toInterface":
    case "toUnion":
      return sub(e.operand);
    case "asMember":
      return asMember(n, e);
    case "tag":
      return tag(n, e);
    case "success":
      return e.value === null || e.value.type.kind === "void"
        ? "{ ok: true }"
        : `{ ok: true, value: ${sub(e.value)} }`;
    case "failure":
      return `{ ok: false, error: ${sub(e.error)} }`;
    case "resultPart":
      return `${sub(e.operand)}.${e.part}`;
    case "construct":
      return `new ${structName(n, e.struct)}(${list(e.parameters)})`;
    case "elements":
      return printElements(n, e);
    case "table":
      return `[${list(e.values)}]`;
    default:
      return printInteger(n, e);
  }
}

/** Where the compiler is audited, the class that it took for certain is asked for. */
function asMember(n: Names, e: Expression & { kind: "asMember" }): string {
  const operand = print(n, e.operand);
  if (!n.audits || e.type.kind !== "reference") return operand;
  return `$.member(${operand}, ${structName(n, e.type.struct)}, ${n.here()})`;
}

/** Instances hold what the source gives them; a text is numbered as in C. */
function tag(n: Names, { operand, type, discriminant }: Expression & { kind: "tag" }): string {
  if (type.kind !== "enum") return "0";
  const text = `${print(n, operand)}.${discriminant.name}`;
  const { literals } = type.declaration;
  const areTexts = literals !== null && typeof literals[0] === "string";
  return areTexts ? `${JSON.stringify(literals)}.indexOf(${text})` : text;
}

function printInteger(n: Names, e: Expression): string {
  switch (e.kind) {
    case "arithmetic":
      return printArithmetic(n, e);
    case "bits":
      return `(${print(n, e.left)} ${e.operator} ${print(n, e.right)})`;
    case "negate":
      return `(-${print(n, e.operand)})`;
    case "complement":
      return `(~${print(n, e.operand)})`;
    case "absolute":
      return `Math.abs(${print(n, e.operand)})`;
    case "leadingZeros":
      return `Math.clz32(${print(n, e.operand)})`;
    case "minimum":
      return `Math.min(${print(n, e.left)}, ${print(n, e.right)})`;
    case "maximum":
      return `Math.max(${print(n, e.left)}, ${print(n, e.right)})`;
    case "multiplyLow":
      return `Math.imul(${print(n, e.left)}, ${print(n, e.right)})`;
    case "wrap":
      return printWrap(n, e);
    case "widen":
      return printWiden(n, e);
    case "narrow":
      return printNarrow(n, e);
    default:
      throw new Error(`no integer: ${e.kind}`);
  }
}

/** Whether the printed form is a BigInt. A check leaves it what it was; only `widen` converts. */
function isBig(e: Expression): boolean {
  return e.kind === "narrow" ? isBig(e.operand) : e.type.kind === "big";
}

function integerLiteral(value: bigint, big: boolean): string {
  const text = `${value}${big ? "n" : ""}`;
  return value < 0n ? `(${text})` : text;
}

function constant(e: Expression & { kind: "constant" }): string {
  if (typeof e.value === "bigint") return integerLiteral(e.value, e.type.kind === "big");
  return typeof e.value === "string" ? JSON.stringify(e.value) : String(e.value);
}

/** Functions without a body are the host's: a test answers them. */
function functionName(n: Names, e: Expression & { kind: "function" | "call" }): string {
  const { instance } = e;
  return n.use(instance.module, instance.symbol);
}

export function structName(n: Names, struct: StructDeclaration): string {
  return n.use(struct.module, struct.symbol);
}

/** `base[index]`, checked also where that was proven: a proof that is wrong shows as a difference from C. */
function element(n: Names, e: Expression & { kind: "index" }): string {
  const base = print(n, e.object);
  const index = print(n, e.index);
  return `${base}[$.index(${index}, ${base}.length, ${n.here()})]`;
}

function printArithmetic(n: Names, e: Expression & { kind: "arithmetic" }): string {
  const left = print(n, e.left);
  const right = print(n, e.right);
  if (e.operator === "/" && e.type.kind === "int") return `Math.trunc(${left} / ${right})`;
  return `(${left} ${e.operator} ${right})`;
}

function printWrap(n: Names, e: Expression & { kind: "wrap" }): string {
  const operand = print(n, e.operand);
  if (isBig(e.operand)) return `BigInt.${e.signed ? "asIntN" : "asUintN"}(${e.bits}, ${operand})`;
  if (e.bits === 32) return e.signed ? `(${operand} | 0)` : `(${operand} >>> 0)`;
  const spare = 32 - e.bits;
  return e.signed
    ? `((${operand} << ${spare}) >> ${spare})`
    : `(${operand} & ${(1n << BigInt(e.bits)) - 1n})`;
}

function printWiden(n: Names, e: Expression & { kind: "widen" }): string {
  const operand = print(n, e.operand);
  if (isBig(e.operand) === (e.type.kind === "big")) return operand;
  return e.type.kind === "big" ? `BigInt(${operand})` : `Number(${operand})`;
}

function printNarrow(n: Names, e: Expression & { kind: "narrow" }): string {
  const big = isBig(e.operand);
  const bounds = `${integerLiteral(e.to.low, big)}, ${integerLiteral(e.to.high, big)}`;
  return `$.narrow(${print(n, e.operand)}, ${bounds}, ${n.here()})`;
}

function printLibrary(n: Names, e: Expression & { kind: "library" }): string {
  const parameters = e.parameters.map((part) => print(n, part));
  const [first, second] = parameters;
  switch (e.name) {
    case "copy":
      return `${first}.$copy(${second})`;
    case "bytes_of":
      return first!;
    case "view_fill":
      return `${first}.fill(${second})`;
    case "string_equal":
      return `(${first} === ${second})`;
    default:
      return `$.${e.name}(${[...parameters, ...(e.traps || checksPlace(e.name) ? [n.here()] : [])].join(", ")})`;
  }
}

const TYPED_ARRAYS: Readonly<Record<string, string>> = {
  u8: "Uint8Array",
  u16: "Uint16Array",
  u32: "Uint32Array",
  i8: "Int8Array",
  i16: "Int16Array",
  i32: "Int32Array",
  u64: "BigUint64Array",
  i64: "BigInt64Array",
};

/** The typed array that holds such elements in place, or `null` where an ordinary one does. */
export function typedArray(element: Type): string | null {
  return element.kind === "int" || element.kind === "big" ? (TYPED_ARRAYS[element.name] ?? null) : null;
}

function printElements(n: Names, e: Expression & { kind: "elements" }): string {
  const typed = typedArray(e.element);
  if (e.make === null)
    return typed === null ? `$.filled(${e.length}, ${zero(e.element)})` : `new ${typed}(${e.length})`;
  if (typed !== null) return `new ${typed}(${e.length}).fill(${print(n, e.make)})`;
  return `$.made(${e.length}, () => ${print(n, e.make)})`;
}

/** What stands in an element that nothing was stored in yet. */
function zero(type: Type): string {
  switch (type.kind) {
    case "int":
    case "enum":
      return "0";
    case "big":
      return "0n";
    case "boolean":
      return "false";
    case "string":
      return '""';
    case "bytes":
      return "$.NO_BYTES";
    default:
      return "null";
  }
}
