// Expressions in C. Every text that comes out is a primary expression or in parentheses, unless it says otherwise.

import { C_WORDS } from "../../c-words.ts";
import { contains, RANGES } from "../../interval.ts";
import { isBroken } from "../../sabotage.ts";
import type {
  Discriminant,
  Expression,
  Global,
  InterfaceDeclaration,
  Local,
  StructDeclaration,
  Type,
} from "../../tree.ts";
import { checksPlace } from "../../traps.ts";
import { knownLength, typeTag } from "../../types.ts";
import {
  arithmeticDomain,
  carrierOf,
  carrierRange,
  cType,
  domainOf,
  viewType,
  type Carrier,
} from "./types.ts";

/** Macros and types of C's headers look like this; constants of the source bear their module's name before their own. */
const FOREIGN = /^[A-Z][A-Z0-9_]*$|_t$/;

/** A name that C takes: its own words get an underscore behind them. */
export function cName(name: string): string {
  const isForeign = FOREIGN.test(name) && !name.includes("__");
  return C_WORDS.has(name) || isForeign ? `${name}_` : name.replaceAll("$", "_dollar_");
}

export function localName(local: Local): string {
  return local.name === "this" ? "self" : cName(local.name);
}

export function integerLiteral(value: bigint): string {
  if (contains(RANGES["i32"]!, { low: value, high: value }))
    return value === -(2n ** 31n) ? "(-2147483647 - 1)" : `${value}`;
  if (contains(RANGES["u32"]!, { low: value, high: value })) return `${value}u`;
  if (value === -(2n ** 63n)) return "INT64_MIN";
  if (contains(RANGES["i64"]!, { low: value, high: value })) return `INT64_C(${value})`;
  if (contains(RANGES["u64"]!, { low: value, high: value })) return `UINT64_C(${value})`;
  const size = value < 0n ? -value : value;
  const wide = `((RayInt128)(((unsigned __int128)UINT64_C(${size >> 64n}) << 64) | UINT64_C(${size & (2n ** 64n - 1n)})))`;
  return value < 0n ? `(-${wide})` : wide;
}

/** A C string literal of UTF-8 bytes, and how many they are. */
export function textLiteral(text: string): { literal: string; length: number } {
  const bytes = new TextEncoder().encode(text);
  let literal = "";
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === "\\") literal += `\\${char}`;
    else if (char === "\n") literal += "\\n";
    else if (byte < 32 || byte > 126 || char === "?") literal += `\\${byte.toString(8).padStart(3, "0")}`;
    else literal += char;
  }
  return { literal: `"${literal}"`, length: bytes.length };
}

function constant(e: Expression & { kind: "constant" }): string {
  if (e.name !== null && "enumeration" in e.name) return `${e.name.enumeration.symbol}_${e.name.member}`;
  if (e.name !== null && typeof e.value === "bigint") return constantName(e.name);
  if (typeof e.value === "bigint") return integerLiteral(e.value);
  if (typeof e.value === "boolean") return e.value ? "true" : "false";
  if (typeof e.value === "string") {
    const { literal, length } = textLiteral(e.value);
    return `RAY_TEXT(${literal}, ${length})`;
  }
  if (e.type.kind === "union") return `((${cType(e.type)}){ 0 })`;
  return e.type.kind === "interface" ? `((${cType(e.type)}){ NULL, NULL })` : "NULL";
}

export function constantName(global: Global): string {
  return global.symbol;
}

/** The C text of a value. */
export function print(e: Expression): string {
  switch (e.kind) {
    case "constant":
      return constant(e);
    case "function":
      return cName(e.instance.symbol);
    case "local":
    case "global":
    case "field":
    case "index":
      return printPlaceValue(e);
    case "length":
      return `${place(e.object)}.length`;
    case "not":
      return `!${print(e.operand)}`;
    case "and":
    case "or":
      return `(${print(e.left)} ${e.kind === "and" ? "&&" : "||"} ${print(e.right)})`;
    case "compare":
      return printComparison(e);
    case "call":
      return `${cName(e.instance.symbol)}(${e.parameters.map(print).join(", ")})`;
    case "callValue":
      return `${print(e.callee)}(${e.parameters.map(print).join(", ")})`;
    case "dispatch":
      return `${print(e.object)}.table->${cName(e.method)}(${[`${print(e.object)}.self`, ...e.parameters.map(print)].join(", ")})`;
    case "library":
      return printLibrary(e);
    case "nonNull":
      if (isBroken("null")) return print(e.operand);
      return e.type.kind === "interface" || e.type.kind === "union"
        ? `RAY_NONNULL_INTERFACE(${print(e.operand)})`
        : `RAY_NONNULL(${print(e.operand)})`;
    case "toInterface":
      return toInterface(e);
    case "toUnion":
      return `((${cType(e.type)}){ ${print(e.operand)}, ${tagName(e)} })`;
    case "asMember":
      return `((${cType(e.type)})${print(e.operand)}.self)`;
    case "tag":
      return tag(e);
    case "success":
      return e.value === null || e.value.type.kind === "void"
        ? `((${typeTag(e.type)}){ .ok = true })`
        : `((${typeTag(e.type)}){ .ok = true, .value = ${print(e.value)} })`;
    case "failure":
      return `((${typeTag(e.type)}){ .error = ${print(e.error)} })`;
    case "resultPart":
      return `${print(e.operand)}.${e.part}`;
    case "choose":
      return e.interval !== null && e.type.kind !== "enum"
        ? printInteger(e)
        : `(${print(e.condition)} ? ${print(e.whenTrue)} : ${print(e.whenFalse)})`;
    case "construct":
    case "elements":
    case "table":
      throw new Error(`${e.kind} outside an initial value`);
    default:
      return printInteger(e);
  }
}

function toInterface(e: Expression & { kind: "toInterface" }): string {
  const { operand } = e;
  if (operand.type.kind === "interface" && e.type.kind === "interface") {
    const value = print(operand);
    const table = `${value}.table->${baseSlot(e.type.declaration)}`;
    const found = operand.type.nullable ? `${value}.self == NULL ? NULL : ${table}` : table;
    return `((${cType(e.type)}){ ${value}.self, ${found} })`;
  }
  const struct = operand.type.kind === "reference" ? operand.type.struct.symbol : "";
  return `((${cType(e.type)}){ ${print(operand)}, &${struct}_as_${cType(e.type)} })`;
}

/** Where an interface's table has that of one that it extends. */
export function baseSlot(base: InterfaceDeclaration): string {
  return `as__${base.symbol}`;
}

/** The tag of the class that a union is made of. */
export function tagName({ type, operand }: Expression & { kind: "toUnion" }): string {
  if (type.kind !== "union" || operand.type.kind !== "reference") return "0";
  return valueName(type.declaration.discriminants![0]!, operand.type.struct);
}

function valueName({ enumeration, values }: Discriminant, struct: StructDeclaration): string {
  const value = values.get(struct);
  return `${enumeration.symbol}_${enumeration.members.find((member) => member.value === value)!.name}`;
}

/** What the tag is called beside the pointer. */
export function tagField(type: Type): string {
  return type.kind === "union" ? cName(type.declaration.discriminants![0]!.name) : "";
}

/** The tag itself, or what another discriminant is for each tag. */
function tag({ operand, discriminant }: Expression & { kind: "tag" }): string {
  const { type } = operand;
  if (type.kind !== "union") return "0";
  const [first] = type.declaration.discriminants!;
  const text = `${print(operand)}.${tagField(type)}`;
  if (discriminant === first) return text;
  const values = type.members.map((one) => valueName(discriminant, one));
  const last = values.pop()!;
  const tests = values.map(
    (value, index) => `${text} == ${valueName(first!, type.members[index]!)} ? ${value} : `,
  );
  return `(${tests.join("")}${last})`;
}

/** Where a struct or an array stands: what `.` and `[` follow. */
export function place(e: Expression): string {
  switch (e.kind) {
    case "local":
      return localName(e.local);
    case "global":
      return e.global.symbol;
    case "field":
      return `${member(e.object)}${cName(e.field.name)}`;
    case "index":
      return element(e);
    default:
      return print(e);
  }
}

/** A reference with its access operator: `self->`, or `self->inner.` where the struct stands in place. */
function member(object: Expression): string {
  return isInPlace(object) ? `${place(object)}.` : `${print(object)}->`;
}

/** A struct that stands here, rather than a pointer to one. */
function isInPlace(e: Expression): boolean {
  switch (e.kind) {
    case "local":
      return e.local.storage.kind === "struct";
    case "global":
      return e.global.storage.kind === "struct";
    case "field":
      return e.field.storage.kind === "struct";
    case "index":
      return e.object.type.kind === "array" && e.object.type.embedded;
    default:
      return false;
  }
}

function storageElements(e: Expression): boolean {
  return (
    (e.kind === "local" && e.local.storage.kind === "elements") ||
    (e.kind === "global" && (e.global.storage.kind === "elements" || e.global.initial.kind === "table")) ||
    (e.kind === "field" && e.field.storage.kind === "elements")
  );
}

function printPlaceValue(e: Expression): string {
  if (isInPlace(e)) return `&${place(e)}`;
  if (e.type.kind === "view" && storageElements(e))
    return `((${viewType(e.type.element)})${viewParts(e, e.type.element)})`;
  return place(e);
}

/** Where the elements start, and how many there are. The views of numbers serve constant tables too: the compiler keeps them unwritten. */
export function viewParts(e: Expression, element: Type): string {
  const isTable =
    e.kind === "global" && e.global.storage.kind !== "elements" && viewType(element).startsWith("Ray");
  return `{ ${isTable ? `(${cType(element)} *)` : ""}${place(e)}, ${knownLength(e)} }`;
}

/** `base[index]`, checked unless it was proven. */
function element(e: Expression & { kind: "index" }): string {
  const { object } = e;
  const inPlace = storageElements(object) || object.type.kind === "array";
  const base = inPlace ? place(object) : `${place(object)}.data`;
  if (e.proven) return `${base}[${unsigned(e.index)}]`;
  const length = `${knownLength(object) ?? `${place(object)}.length`}${isBroken("bound") ? " + 1" : ""}`;
  return `${base}[ray_index(${offset(e.index)}, ${length}, RAY_HERE)]`;
}

/** An offset into a view, for a check that compares without sign: one that may be negative becomes too large for any. */
function offset(e: Expression): string {
  return e.interval!.low < 0n ? `ray_offset(${print(e)})` : unsigned(e);
}

/** Not negative: widened without sign, which costs nothing. */
function unsigned(e: Expression): string {
  return carrierOf(e) === "int32_t" ? cast(e, "uint32_t") : print(e);
}

function printComparison(e: Expression & { kind: "compare" }): string {
  const operator = e.operator === "===" ? "==" : e.operator === "!==" ? "!=" : e.operator;
  const { left, right } = e;
  if (left.interval !== null && right.interval !== null) {
    if (left.type.kind === "enum" && right.type.kind === "enum")
      return `(${print(left)} ${operator} ${print(right)})`;
    const domain = isBroken("compare") ? "uint32_t" : domainOf(left.interval, left, right);
    const plain = isPlainPair(left, right);
    return plain
      ? `(${print(left)} ${operator} ${print(right)})`
      : `(${castPair(left, right, domain)} ${operator} ${cast(right, domain)})`;
  }
  if (
    left.type.kind === "interface" &&
    right.type.kind === "interface" &&
    left.kind !== "constant" &&
    right.kind !== "constant"
  ) {
    return `${operator === "!=" ? "!" : ""}RAY_SAME(${print(left)}, ${print(right)})`;
  }
  if (left.type.kind === "union" && left.kind !== "constant" && right.kind !== "constant")
    return `${operator === "!=" ? "!" : ""}RAY_SAME_MEMBER(${print(left)}, ${print(right)}, ${tagField(left.type)})`;
  return `(${identity(left)} ${operator} ${identity(right)})`;
}

/** C compares them exactly as they are: same carrier, or a constant that the other's carrier holds. */
function isPlainPair(left: Expression, right: Expression): boolean {
  // The signedness of an enum is the compiler's choice.
  if (left.type.kind === "enum" || right.type.kind === "enum") return false;
  if (left.kind === "constant" && right.kind === "constant") return false;
  const holds = (e: Expression, other: Expression): boolean =>
    e.kind === "constant" && contains(carrierRange(carrierOf(other)), e.interval!);
  return carrierOf(left) === carrierOf(right) || holds(left, right) || holds(right, left);
}

/** Of an interface or a union, its instance. */
function identity(e: Expression): string {
  return (e.type.kind === "interface" || e.type.kind === "union") && e.kind !== "constant"
    ? `${print(e)}.self`
    : isNullConstant(e)
      ? "NULL"
      : print(e);
}

function isNullConstant(e: Expression): boolean {
  return e.kind === "constant" && e.value === null;
}

/** An integer in the wanted carrier. */
export function cast(e: Expression, wanted: Carrier): string {
  if (e.kind === "constant" && e.type.kind !== "enum") return print(e);
  if (carrierOf(e) === wanted && e.type.kind !== "enum") return print(e);
  return `(${wanted})${print(e)}`;
}

/** The first of two operands. Where both are literals, C would take the type that it gives them, which may have no sign. */
function castPair(first: Expression, second: Expression, wanted: Carrier): string {
  const areLiterals = first.kind === "constant" && second.kind === "constant";
  const hasSign = wanted === "int64_t" || wanted === "RayInt128";
  return areLiterals && hasSign ? `(${wanted})${print(first)}` : cast(first, wanted);
}

function printInteger(e: Expression): string {
  switch (e.kind) {
    case "arithmetic":
      return printArithmetic(e);
    case "choose": {
      const domain = domainOf(e.interval!, e.whenTrue, e.whenFalse);
      const whenTrue = castPair(e.whenTrue, e.whenFalse, domain);
      return `(${print(e.condition)} ? ${whenTrue} : ${cast(e.whenFalse, domain)})`;
    }
    case "minimum":
    case "maximum":
      return `ray_${e.kind}(${print(e.left)}, ${print(e.right)})`;
    case "negate":
      return `(-${cast(e.operand, carrierOf(e))})`;
    case "complement":
      return `(~${cast(e.operand, carrierOf(e))})`;
    case "absolute":
      return `ray_absolute(${print(e.operand)})`;
    case "leadingZeros":
      return `ray_leading_zeros(${print(e.operand)})`;
    case "multiplyLow":
      return `((int32_t)((uint32_t)${print(e.left)} * (uint32_t)${print(e.right)}))`;
    case "bits":
      return printBits(e);
    case "wrap":
      return printWrap(e);
    case "widen":
      return print(e.operand);
    case "narrow":
      return printNarrow(e);
    default:
      throw new Error(`no integer: ${e.kind}`);
  }
}

function printArithmetic(e: Expression & { kind: "arithmetic" }): string {
  if (e.operator === "/" || e.operator === "%") return printDivision(e);
  const domain = arithmeticDomain(e);
  const right = cast(e.right, domain);
  if (e.operator === "**") return `ray_power(${print(e.left)}, ${print(e.right)})`;
  if (e.operator === "<<")
    return `((${domain})ray_shift_left${domain === "RayInt128" ? "_128" : ""}(${print(e.left)}, ${print(e.right)}))`;
  if (e.operator === ">>") return `ray_shift_right_${domain}(${print(e.left)}, ${print(e.right)})`;
  return `(${cast(e.left, domain)} ${e.operator} ${right})`;
}

function printDivision(e: Expression & { kind: "arithmetic" }): string {
  const domain = isBroken("divide") ? "uint64_t" : arithmeticDomain(e);
  if (domain !== "RayInt128") return `(${cast(e.left, domain)} ${e.operator} ${cast(e.right, domain)})`;
  return `ray_${e.operator === "/" ? "quotient" : "remainder"}(${print(e.left)}, ${print(e.right)})`;
}

/** The low 32 bits as `uint32_t`: C's unsigned arithmetic wraps exactly as the operators of JavaScript do. */
function unsigned32(e: Expression): string {
  if (e.kind === "constant") return `${BigInt.asUintN(32, e.value as bigint)}u`;
  if (e.kind === "bits" && e.operator !== ">>") return bitsText(e);
  if (e.kind === "wrap" && e.bits === 32) return unsigned32(e.operand);
  if (e.kind === "arithmetic" && e.type.kind === "int" && WRAPPING.has(e.operator)) {
    return `(${unsigned32(e.left)} ${e.operator} ${unsigned32(e.right)})`;
  }
  return cast(e, "uint32_t");
}

const WRAPPING: ReadonlySet<string> = new Set(["+", "-", "*"]);

/** An operator on 32-bit integers but `>>`, as `uint32_t`. */
function bitsText(e: Expression & { kind: "bits" }): string {
  const { operator, left, right } = e;
  if (operator === ">>>") return `(${unsigned32(left)} >> ${shiftCount(right)})`;
  return `(${unsigned32(left)} ${operator} ${operator === "<<" ? shiftCount(right) : unsigned32(right)})`;
}

/** JavaScript takes the low five bits of a shift count. */
function shiftCount(e: Expression): string {
  return e.interval!.low >= 0n && e.interval!.high < 32n ? print(e) : `(${unsigned32(e)} & 31)`;
}

function signed32(e: Expression): string {
  return e.kind === "constant" ? integerLiteral(BigInt.asIntN(32, e.value as bigint)) : cast(e, "int32_t");
}

function printBits(e: Expression & { kind: "bits" }): string {
  if (e.operator === ">>" && isBroken("shift"))
    return `((int32_t)(${unsigned32(e.left)} >> ${shiftCount(e.right)}))`;
  if (e.operator === ">>") return `(${signed32(e.left)} >> ${shiftCount(e.right)})`;
  return carrierOf(e) === "uint32_t" ? bitsText(e) : `((int32_t)${bitsText(e)})`;
}

/** Modulo 2^64: what `wrap` needs of an operand whose exact value no type holds. */
function modular(e: Expression): string {
  if (e.kind === "arithmetic" && WRAPPING.has(e.operator))
    return `(${modular(e.left)} ${e.operator} ${modular(e.right)})`;
  if (e.kind === "arithmetic" && e.operator === "<<")
    return `ray_shift_left(${modular(e.left)}, ${print(e.right)})`;
  return e.kind === "constant" ? `UINT64_C(${BigInt.asUintN(64, e.value as bigint)})` : cast(e, "uint64_t");
}

function printWrap(e: Expression & { kind: "wrap" }): string {
  const carrier = carrierOf(e);
  if (e.bits === 32 && e.operand.type.kind === "int") {
    return e.signed ? `((int32_t)${unsigned32(e.operand)})` : unsigned32(e.operand);
  }
  const low = modular(e.operand);
  if (e.bits === 32 || e.bits === 64) return carrier === "uint64_t" ? low : `((${carrier})${low})`;
  const spare = 64 - e.bits;
  if (!e.signed && isBroken("wrap")) return `((${carrier})${low})`;
  if (!e.signed) return `((${carrier})(${low} & UINT64_C(${(1n << BigInt(e.bits)) - 1n})))`;
  return `((${carrier})((int64_t)(${low} << ${spare}) >> ${spare}))`;
}

function printNarrow(e: Expression & { kind: "narrow" }): string {
  const { low, high } = e.to;
  const type = cType(e.type);
  const carrier = carrierOf(e.operand);
  if (carrier === "RayInt128")
    return `RAY_NARROW_128(${type}, ${print(e.operand)}, ${integerLiteral(low)}, ${integerLiteral(high)})`;
  if (carrier === "uint64_t") return `RAY_NARROW_U64(${type}, ${print(e.operand)}, ${integerLiteral(high)})`;
  const top = high > RANGES["i64"]!.high ? RANGES["i64"]!.high : high;
  return `RAY_NARROW(${type}, ${print(e.operand)}, ${integerLiteral(low)}, ${integerLiteral(top)})`;
}

/** A function that checks a place in a view; without the check it bears another name. */
function printChecked(e: Expression & { kind: "library" }): string {
  const places = e.name === "span" || e.name === "bytes_slice" ? 2 : e.name === "bytes_copy" ? 0 : 1;
  const parameters = e.parameters.map((part, index) =>
    index >= 1 && index <= places ? (e.traps ? offset(part) : unsigned(part)) : print(part),
  );
  return e.traps
    ? `ray_${libraryName(e.name)}(${[...parameters, "RAY_HERE"].join(", ")})`
    : `ray_${libraryName(e.name)}_proven(${parameters.join(", ")})`;
}

function printLibrary(e: Expression & { kind: "library" }): string {
  const parameters = e.parameters.map(print);
  const [first] = e.parameters;
  switch (e.name) {
    case "copy":
      return `*${parameters[0]} = *${parameters[1]}`;
    case "bytes_of":
      return storageElements(first!)
        ? `((RayBytes){ ${place(first!)}, ${knownLength(first!)} })`
        : `ray_bytes_of(${parameters[0]})`;
    case "nonzero":
      if (isBroken("zero")) return parameters[0]!;
      return `RAY_NONZERO(${parameters[0]})`;
    case "view_fill": {
      const type = first!.type;
      return `ray_fill_${type.kind === "view" ? typeTag(type.element) : ""}(${parameters.join(", ")})`;
    }
    default:
      if (isBroken("effect") && /^bytes_(copy|fill)$/.test(e.name)) return "(void)0";
      return checksPlace(e.name)
        ? printChecked(e)
        : `ray_${libraryName(e.name)}(${[...parameters, ...(e.traps ? ["RAY_HERE"] : [])].join(", ")})`;
  }
}

function libraryName(name: string): string {
  return isBroken("endian") ? name.replace(/^bytes_(u\d+)be$/, "bytes_$1le") : name;
}
