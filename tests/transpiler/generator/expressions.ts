// Random expressions. Each carries the interval that the compiler, at its least clever, gives it: so most of them are
// accepted, and the programs calculate at the edges of what is.

import {
  calculate,
  contains,
  I128,
  I32,
  I64,
  interval,
  join,
  SAFE,
  U32,
  U64,
  type Interval,
} from "../../../transpiler/interval.ts";
import { isBig, rangeOf, type ScalarType, type Scope } from "./scope.ts";

export interface Value {
  readonly text: string;
  readonly range: Interval;
}

const NUMBERS = [
  "0",
  "1",
  "2",
  "3",
  "7",
  "8",
  "31",
  "32",
  "127",
  "128",
  "255",
  "256",
  "0x7fff",
  "0xffff",
  "0x7fffffff",
  "0x80000000",
  "0xffffffff",
  "-1",
  "-2",
  "-128",
  "-129",
  "-0x8000",
  "-0x80000000",
  "1000003",
];
const ORDERS = ["<", "<=", ">", ">="];

const BIGS = [
  "0n",
  "1n",
  "2n",
  "3n",
  "10n",
  "63n",
  "255n",
  "0xffffn",
  "0x7fffffffn",
  "0x80000000n",
  "0xffffffffn",
  "0x100000000n",
  "0x7fffffffffffffffn",
  "0x8000000000000000n",
  "0xffffffffffffffffn",
  "-1n",
  "-3n",
  "-0x8000000000000000n",
  "0x9e3779b97f4a7c15n",
];

function literal(text: string): Value {
  const value = text.startsWith("-")
    ? -BigInt(text.slice(1).replace("n", ""))
    : BigInt(text.replace("n", ""));
  return { text: value < 0n ? `(${text})` : text, range: interval(value, value) };
}

/** A number, at most `depth` operators deep. */
export function number(scope: Scope, depth: number): Value {
  const { random } = scope;
  if (depth <= 0 || random.oneIn(6)) return numberLeaf(scope);
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return numberArithmetic(scope, depth);
    case 4:
    case 5:
    case 6:
      return bitwise(scope, depth);
    case 7:
      return wrapped(scope, depth);
    case 8:
      return numberDivision(scope, depth);
    case 9:
      return numberFunction(scope, depth);
    case 10:
      return unary(scope, depth);
    case 11:
      return chosen(scope, depth, number);
    case 12: {
      const value = big(scope, depth - 1);
      return { text: `Number(${value.text} & 0xfffffffffffn)`, range: interval(0n, 0xfffffffffffn) };
    }
    default:
      return converted(scope, depth);
  }
}

function numberLeaf(scope: Scope): Value {
  const { random } = scope;
  const kind = random.below(8);
  if (kind === 0) return literal(random.pick(NUMBERS));
  if (scope.isDeep) return numberPlace(scope);
  if (kind === 1) return call(scope, false) ?? numberPlace(scope);
  if (kind === 2) return element(scope, false) ?? numberPlace(scope);
  if (kind === 3 && scope.buffers.length > 0) return read(scope);
  return numberPlace(scope);
}

export function numberPlace(scope: Scope): Value {
  const places = scope.places.filter(({ type }) => !isBig(type) && type !== "boolean");
  if (places.length === 0) return literal(scope.random.pick(NUMBERS));
  const { text, type } = scope.random.pick(places);
  return { text, range: rangeOf(type) };
}

/** What is too wide for an exact number is wrapped first. */
function fitting(scope: Scope, value: Value, limit: Interval): Value {
  if (contains(limit, value.range)) return value;
  return scope.random.oneIn(2)
    ? { text: `(${value.text} >>> 0)`, range: U32 }
    : { text: `(${value.text} | 0)`, range: I32 };
}

function numberArithmetic(scope: Scope, depth: number): Value {
  const operator = scope.random.pick(["+", "-", "*"]);
  let left = number(scope, depth - 1);
  let right = number(scope, depth - 1);
  if (!contains(SAFE, calculate(operator, left.range, right.range)!)) {
    left = fitting(scope, left, I32);
    right =
      operator === "*"
        ? { text: `(${right.text} & 0x3ffff)`, range: interval(0n, 0x3ffffn) }
        : fitting(scope, right, I32);
  }
  return {
    text: `(${left.text} ${operator} ${right.text})`,
    range: calculate(operator, left.range, right.range)!,
  };
}

function bitwise(scope: Scope, depth: number): Value {
  const operator = scope.random.pick(["&", "|", "^", "<<", ">>", ">>>", "& 0xff", "& 0xffff"]);
  const left = number(scope, depth - 1);
  if (operator.includes("0x"))
    return { text: `(${left.text} ${operator})`, range: interval(0n, BigInt(operator.slice(2))) };
  const right = number(scope, depth - 1);
  return { text: `(${left.text} ${operator} ${right.text})`, range: operator === ">>>" ? U32 : I32 };
}

function wrapped(scope: Scope, depth: number): Value {
  const value = number(scope, depth - 1);
  return fitting(scope, value, interval(1n, 0n));
}

function numberDivision(scope: Scope, depth: number): Value {
  const left = number(scope, depth - 1);
  const right = number(scope, depth - 1);
  const divisor = scope.random.oneIn(90)
    ? right
    : { text: `((${right.text} & 0x1ff) + 1)`, range: interval(1n, 512n) };
  switch (scope.random.below(4)) {
    case 0:
      return { text: `(${left.text} % ${divisor.text})`, range: calculate("%", left.range, divisor.range)! };
    case 1:
      return { text: `((${left.text} / ${divisor.text}) | 0)`, range: I32 };
    case 2:
      return { text: `((${left.text} / ${divisor.text}) >>> 0)`, range: U32 };
    default:
      return {
        text: `Math.trunc(${left.text} / ${divisor.text})`,
        range: calculate("/", left.range, divisor.range)!,
      };
  }
}

function numberFunction(scope: Scope, depth: number): Value {
  const left = number(scope, depth - 1);
  const right = number(scope, depth - 1);
  switch (scope.random.below(5)) {
    case 0:
      return { text: `Math.min(${left.text}, ${right.text})`, range: join(left.range, right.range)! };
    case 1:
      return { text: `Math.max(${left.text}, ${right.text})`, range: join(left.range, right.range)! };
    case 2:
      return { text: `Math.imul(${left.text}, ${right.text})`, range: I32 };
    case 3:
      return {
        text: `Math.abs(${left.text})`,
        range: join(left.range, interval(-left.range.high, -left.range.low))!,
      };
    default:
      return { text: `Math.clz32(${left.text})`, range: interval(0n, 32n) };
  }
}

function unary(scope: Scope, depth: number): Value {
  const value = number(scope, depth - 1);
  if (scope.random.oneIn(2)) return { text: `(~${value.text})`, range: I32 };
  return { text: `(-${value.text})`, range: interval(-value.range.high, -value.range.low) };
}

/** A checking conversion, of what seldom lies outside. */
function converted(scope: Scope, depth: number): Value {
  const value = number(scope, depth - 1);
  if (scope.random.oneIn(120)) return { text: `u32(${value.text})`, range: U32 };
  return { text: `u16(${value.text} & 0xffff)`, range: interval(0n, 0xffffn) };
}

function chosen(scope: Scope, depth: number, make: (scope: Scope, depth: number) => Value): Value {
  const test = truth(scope, depth - 1);
  const yes = make(scope, depth - 1);
  const no = make(scope, depth - 1);
  return { text: `(${test} ? ${yes.text} : ${no.text})`, range: join(yes.range, no.range)! };
}

function call(scope: Scope, wantsBig: boolean): Value | null {
  const found = scope.affordable().filter(({ result }) => result !== "boolean" && isBig(result) === wantsBig);
  if (found.length === 0) return null;
  const callee = scope.random.pick(found);
  scope.cost += callee.cost;
  const values = callee.parameters.map((type) => scope.within((depth) => stored(scope, type, depth)));
  return { text: `${callee.text}(${values.join(", ")})`, range: rangeOf(callee.result) };
}

function element(scope: Scope, wantsBig: boolean): Value | null {
  const found = scope.elements.filter(({ type }) => type !== "boolean" && isBig(type) === wantsBig);
  if (found.length === 0) return null;
  const array = scope.random.pick(found);
  return { text: `${array.text}[${index(scope, array.length)}]`, range: rangeOf(array.type) };
}

/** An index below `length`, nearly always. */
export function index(scope: Scope, length: number): string {
  const value = scope.within((depth) => number(scope, depth));
  if (scope.random.oneIn(400)) return value.text;
  return `${value.text} & ${length - 1}`;
}

function read(scope: Scope): Value {
  const { random } = scope;
  const buffer = random.pick(scope.buffers);
  const [name, width] = random.pick([
    ["u8", 1],
    ["u16le", 2],
    ["u16be", 2],
    ["u32le", 4],
    ["u32be", 4],
  ] as const);
  const place = scope.within((depth) => number(scope, depth));
  const at = random.oneIn(400)
    ? place.text
    : `(${place.text} & ${buffer.length / 2 - 1}) + ${random.below(buffer.length / 2 - width)}`;
  return { text: `${buffer.text}.${name}(${at})`, range: interval(0n, (1n << BigInt(8 * width)) - 1n) };
}

/** A bigint. */
export function big(scope: Scope, depth: number): Value {
  const { random } = scope;
  if (depth <= 0 || random.oneIn(6)) return bigLeaf(scope);
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      return bigArithmetic(scope, depth);
    case 3:
      return bigBits(scope, depth);
    case 4:
      return bigShift(scope, depth);
    case 5:
      return bigDivision(scope, depth);
    case 6:
      return bigWrapped(
        big(scope, depth - 1),
        random.pick(["asUintN", "asIntN"]),
        random.pick([8, 16, 32, 33, 63, 64]),
      );
    case 7:
      return chosen(scope, depth, big);
    default: {
      const value = number(scope, depth - 1);
      return { text: `BigInt(${value.text})`, range: value.range };
    }
  }
}

function bigLeaf(scope: Scope): Value {
  const kind = scope.random.below(6);
  if (kind === 0) return literal(scope.random.pick(BIGS));
  if (scope.isDeep) return bigPlace(scope);
  if (kind === 1) return call(scope, true) ?? bigPlace(scope);
  if (kind === 2) return element(scope, true) ?? bigPlace(scope);
  return bigPlace(scope);
}

function bigPlace(scope: Scope): Value {
  const places = scope.places.filter(({ type }) => isBig(type));
  if (places.length === 0) return literal(scope.random.pick(BIGS));
  const { text, type } = scope.random.pick(places);
  return { text, range: rangeOf(type) };
}

function bigWrapped(value: Value, name: string, bits: number): Value {
  const size = 1n << BigInt(bits);
  const range = name === "asUintN" ? interval(0n, size - 1n) : interval(-(size / 2n), size / 2n - 1n);
  return { text: `BigInt.${name}(${bits}, ${value.text})`, range };
}

function bigArithmetic(scope: Scope, depth: number): Value {
  const operator = scope.random.pick(["+", "-", "*"]);
  const left = big(scope, depth - 1);
  const right = big(scope, depth - 1);
  const range = calculate(operator, left.range, right.range)!;
  const value = { text: `(${left.text} ${operator} ${right.text})`, range };
  return contains(I128, range) && !scope.random.oneIn(3)
    ? value
    : bigWrapped(value, scope.random.pick(["asUintN", "asIntN"]), 64);
}

function bigBits(scope: Scope, depth: number): Value {
  const left = big(scope, depth - 1);
  if (scope.random.oneIn(5))
    return { text: `(~${left.text})`, range: interval(-left.range.high - 1n, -left.range.low - 1n) };
  if (scope.random.oneIn(5))
    return { text: `(-${left.text})`, range: interval(-left.range.high, -left.range.low) };
  const right = big(scope, depth - 1);
  const operator = scope.random.pick(["&", "|", "^"]);
  return {
    text: `(${left.text} ${operator} ${right.text})`,
    range: calculate(operator, left.range, right.range)!,
  };
}

function bigShift(scope: Scope, depth: number): Value {
  const left = big(scope, depth - 1);
  const count = `(${big(scope, depth - 1).text} & ${scope.random.pick(["7n", "31n", "63n", "127n"])})`;
  if (scope.random.oneIn(2))
    return { text: `(${left.text} >> ${count})`, range: join(left.range, interval(0n, 0n))! };
  return bigWrapped(
    { text: `${left.text} << ${count}`, range: left.range },
    scope.random.pick(["asUintN", "asIntN"]),
    64,
  );
}

function bigDivision(scope: Scope, depth: number): Value {
  const signed = scope.random.oneIn(2);
  const fit = (value: Value): Value =>
    contains(signed ? I64 : U64, value.range) ? value : bigWrapped(value, signed ? "asIntN" : "asUintN", 64);
  const left = fit(big(scope, depth - 1));
  const right = fit(big(scope, depth - 1));
  const divisor = scope.random.oneIn(90)
    ? right
    : { text: `(${right.text} | 1n)`, range: signed ? I64 : U64 };
  const operator = scope.random.pick(["/", "%"]);
  return {
    text: `(${left.text} ${operator} ${divisor.text})`,
    range: calculate(operator, left.range, divisor.range)!,
  };
}

/** A boolean. */
export function truth(scope: Scope, depth: number): string {
  const { random } = scope;
  const places = scope.places.filter(({ type }) => type === "boolean");
  if (depth <= 0 && places.length > 0) return random.pick(places).text;
  switch (random.below(8)) {
    case 0:
      return `(${truth(scope, depth - 1)} && ${truth(scope, depth - 1)})`;
    case 1:
      return `(${truth(scope, depth - 1)} || ${truth(scope, depth - 1)})`;
    case 2:
      return `!${truth(scope, depth - 1)}`;
    case 3:
      return compared(scope, big(scope, depth - 1).text, big(scope, depth - 1).text);
    case 4:
      return places.length > 0 ? random.pick(places).text : "true";
    default:
      return compared(scope, number(scope, depth - 1).text, number(scope, depth - 1).text);
  }
}

/** tsc refuses to ask whether two different literals are equal. */
function compared(scope: Scope, left: string, right: string): string {
  const isLiteral = (text: string): boolean => /^\(?-?\d\w*\)?$/.test(text);
  const operators = isLiteral(left) && isLiteral(right) ? ORDERS : [...ORDERS, "===", "!=="];
  return `(${left} ${scope.random.pick(operators)} ${right})`;
}

const WRAPS: Readonly<Record<string, (text: string) => string>> = {
  u8: (text) => `${text} & 0xff`,
  u16: (text) => `${text} & 0xffff`,
  u32: (text) => `${text} >>> 0`,
  i8: (text) => `(${text} << 24) >> 24`,
  i16: (text) => `(${text} << 16) >> 16`,
  i32: (text) => `${text} | 0`,
  u64: (text) => `BigInt.asUintN(64, ${text})`,
  i64: (text) => `BigInt.asIntN(64, ${text})`,
};

/** A value that a place of this type takes: as it is, wrapped, or seldom by a conversion that may trap. */
export function stored(scope: Scope, type: ScalarType, depth: number): string {
  if (type === "boolean") return truth(scope, depth);
  const value = isBig(type) ? big(scope, depth) : number(scope, depth);
  // tsc takes no u64 for an i64, and no u8 for an i8, whatever its value.
  const isUnsigned =
    (type === "i64" && value.text.includes("asUintN")) ||
    (type === "i8" && value.text.startsWith("Math.clz32"));
  if (contains(rangeOf(type), value.range) && !isUnsigned && !scope.random.oneIn(4)) return value.text;
  return scope.random.oneIn(250) ? `${type}(${value.text})` : WRAPS[type]!(value.text);
}
