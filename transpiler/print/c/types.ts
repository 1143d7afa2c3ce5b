// C's names for types, and the C type that carries an integer expression.

import { calculate, contains, I32, I64, join, U32, U64, type Interval } from "../../interval.ts";
import type { Expression, Local, Type } from "../../tree.ts";
import { rangeOf, typeTag } from "../../types.ts";

const INTEGERS: Readonly<Record<string, string>> = {
  u8: "uint8_t",
  u16: "uint16_t",
  u32: "uint32_t",
  i8: "int8_t",
  i16: "int16_t",
  i32: "int32_t",
  number: "int64_t",
  u64: "uint64_t",
  i64: "int64_t",
  bigint: "RayInt128",
};

const VIEWS: Readonly<Record<string, string>> = {
  u8: "RayU8s",
  u16: "RayU16s",
  u32: "RayU32s",
  i8: "RayI8s",
  i16: "RayI16s",
  i32: "RayI32s",
  u64: "RayU64s",
  i64: "RayI64s",
};

/** The C type of a value of this type. */
export function cType(type: Type): string {
  switch (type.kind) {
    case "int":
    case "big":
      return INTEGERS[type.name]!;
    case "boolean":
      return "bool";
    case "string":
      return "RayString";
    case "bytes":
      return "RayBytes";
    case "enum":
      return type.declaration.symbol;
    case "view":
      return viewType(type.element);
    case "array":
      return `${elementType(type.element)} *`;
    case "reference":
      return `${type.struct.symbol} *`;
    case "interface":
    case "union":
      return type.declaration.symbol;
    case "result":
    case "function":
      return typeTag(type);
    default:
      return "void";
  }
}

/** What an array holds in each place: a struct itself, or a value. */
export function elementType(element: Type): string {
  return element.kind === "reference" && !element.nullable ? element.struct.symbol : cType(element);
}

/** What nobody writes to, in a table or a view: values, or pointers to what may well be written to. */
export function constantElement(element: Type): string {
  const text = cType(element);
  return text.endsWith("*") ? `${text}const` : `const ${text}`;
}

/** Views of non-null references hold pointers: constant tables of instances. */
export function viewType(element: Type): string {
  const scalar = element.kind === "int" || element.kind === "big" ? VIEWS[element.name] : undefined;
  return scalar ?? `View_${typeTag(element)}`;
}

/** The C types in which integers are calculated. */
export type Carrier = "int32_t" | "uint32_t" | "int64_t" | "uint64_t" | "RayInt128";

const CARRIERS: Readonly<Record<string, Carrier>> = {
  u8: "int32_t",
  u16: "int32_t",
  i8: "int32_t",
  i16: "int32_t",
  i32: "int32_t",
  u32: "uint32_t",
  number: "int64_t",
  u64: "uint64_t",
  i64: "int64_t",
  bigint: "RayInt128",
};

const CARRIER_RANGES: Readonly<Record<Carrier, Interval>> = {
  int32_t: I32,
  uint32_t: U32,
  int64_t: I64,
  uint64_t: U64,
  RayInt128: { low: -(2n ** 127n), high: 2n ** 127n - 1n },
};

export function carrierRange(carrier: Carrier): Interval {
  return CARRIER_RANGES[carrier];
}

/** The smallest of the calculating types that holds an interval. */
export function carrierFor(range: Interval): Carrier {
  if (contains(I32, range)) return "int32_t";
  if (contains(I64, range)) return "int64_t";
  return contains(U64, range) ? "uint64_t" : "RayInt128";
}

/** A local without a declared width is stored in the smallest type that holds its interval. */
export function localType(local: Local): string {
  const { type, interval } = local;
  if (local.counts === true && type.kind === "int" && type.name === "u32") return "int64_t";
  const isBare =
    (type.kind === "int" && type.name === "number") || (type.kind === "big" && type.name === "bigint");
  if (!isBare || interval === null || contains(interval, rangeOf(type)!)) return cType(type);
  return contains(U32, interval) ? "uint32_t" : carrierFor(interval);
}

/** The C type that the printed form of an integer expression has. */
export function carrierOf(e: Expression): Carrier {
  switch (e.kind) {
    case "constant":
      return carrierFor({ low: e.value as bigint, high: e.value as bigint });
    case "local":
      return namedCarrier(localType(e.local));
    case "arithmetic":
      return e.operator === "%" && arithmeticDomain(e) === "RayInt128" ? "int64_t" : arithmeticDomain(e);
    case "choose":
      return domainOf(e.interval!, e.whenTrue, e.whenFalse);
    case "minimum":
    case "maximum":
      return "int64_t";
    case "negate":
    case "complement":
    case "absolute":
      return carrierFor(join(e.interval, e.operand.interval)!);
    case "bits":
      return e.operator === ">>>" || (e.operator === "&" && e.interval!.low >= 0n) ? "uint32_t" : "int32_t";
    case "multiplyLow":
    case "leadingZeros":
      return "int32_t";
    case "wrap":
      if (e.bits <= 32) return e.signed ? "int32_t" : "uint32_t";
      return e.signed ? "int64_t" : "uint64_t";
    case "widen":
      return carrierOf(e.operand);
    case "library":
      if (e.name === "nonzero") return carrierOf(e.parameters[0]!);
      return typeCarrier(e.type);
    default:
      return typeCarrier(e.type);
  }
}

function typeCarrier(type: Type): Carrier {
  return type.kind === "int" || type.kind === "big" ? CARRIERS[type.name]! : "int32_t";
}

function namedCarrier(name: string): Carrier {
  if (name === "uint32_t" || name === "int64_t" || name === "uint64_t" || name === "RayInt128") return name;
  return "int32_t";
}

/** The type in which two operands and their result are exact. */
export function domainOf(result: Interval, left: Expression, right: Expression): Carrier {
  const all = join(join(left.interval, right.interval), result)!;
  const smallest = carrierFor(all);
  if (smallest !== "int32_t") return smallest;
  const isSmall = (e: Expression): boolean => e.kind === "constant" || carrierOf(e) === "int32_t";
  return isSmall(left) && isSmall(right) ? "int32_t" : "int64_t";
}

/** The type in which C calculates. The smallest integer of a type by −1 overflows, and its remainder is undefined with it. */
export function arithmeticDomain(e: Expression & { kind: "arithmetic" }): Carrier {
  const divides = e.operator === "/" || e.operator === "%";
  const quotient = divides ? calculate("/", e.left.interval!, e.right.interval!) : null;
  return domainOf(join(e.interval, quotient)!, e.left, e.right);
}
