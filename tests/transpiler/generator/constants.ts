// Random module constants: expressions of literals, earlier constants and elements of tables, which rayc works out and Node runs.

import type { Random } from "./random.ts";

const INTEGERS = [0, 1, 2, 3, 7, 8, 31, 32, 100, 127, 128, 255, 256, 65_535, 65_536, 0x7fffffff, 0x80000000];
const TABLE: readonly number[] = [3, 250, 0, 17, 128];
const WORDS = ["ab", "ba", "ab"] as const;
const COMPARISONS = ["<", "<=", ">", ">=", "===", "!=="] as const;
const BITS = ["&", "|", "^", "<<", ">>", ">>>"] as const;
const DEPTH = 3;

/** Of each type the expression that brings any integer into it. */
const WIDTHS: Readonly<Record<string, (value: string) => string>> = {
  u8: (value) => `(${value}) & 0xff`,
  i8: (value) => `Math.max(-128, Math.min(127, ${value}))`,
  u16: (value) => `(${value}) & 0xffff`,
  u32: (value) => `(${value}) >>> 0`,
  i32: (value) => `(${value}) | 0`,
};

type Kind = "number" | "big" | "yes";

/** One after the other; each may name those before it. */
export class Constants {
  readonly names: { readonly name: string; readonly kind: Kind }[] = [];

  constructor(private readonly random: Random) {}

  /** What all of them stand behind. */
  static head(): string {
    const words = WORDS.map((word, at) => `const WORD${at}: string = "${word}";`);
    return [`const PLACES: readonly u8[] = [${TABLE.join(", ")}];`, ...words].join("\n");
  }

  /** The declaration of a constant of this name. */
  declaration(name: string): string {
    const kind = this.random.pick<Kind>(["number", "number", "big", "yes"]);
    const text = this.typed(kind);
    this.names.push({ name, kind });
    return `const ${name}: ${text};`;
  }

  private typed(kind: Kind): string {
    if (kind === "yes") return `boolean = ${this.truth(DEPTH)}`;
    if (kind === "big") {
      const signed = this.random.oneIn(2);
      return `${signed ? "i64" : "u64"} = BigInt.${signed ? "asIntN" : "asUintN"}(64, ${this.big(DEPTH)})`;
    }
    const type = this.random.pick(Object.keys(WIDTHS));
    return `${type} = ${WIDTHS[type]!(this.integer(DEPTH))}`;
  }

  private integer(depth: number): string {
    const { random } = this;
    if (depth === 0) return this.named("number") ?? `${random.pick(INTEGERS)}`;
    const next = (): string => this.integer(depth - 1);
    switch (random.below(11)) {
      case 0:
        return `(${next()} ${random.pick(["+", "-", "*"])} ${next()})`;
      case 1:
      case 2:
        return `(${next()} ${random.pick(BITS)} ${next()})`;
      case 3:
        return `Math.trunc(${next()} / (${next()} | 1))`;
      case 4:
        return `(${next()} % (${next()} | 1))`;
      case 5:
        return `(${this.truth(depth - 1)} ? ${next()} : ${next()})`;
      case 6:
        return `Math.${random.pick(["min", "max", "imul"])}(${next()}, ${next()})`;
      case 7:
        return `${random.pick(["Math.abs", "Math.clz32", "-", "~"])}(${next()})`;
      case 8:
        return `PLACES[${random.below(TABLE.length)}]`;
      case 9:
        return `u8((${next()}) & 0xff)`;
      default:
        return `${random.pick(INTEGERS)}`;
    }
  }

  private big(depth: number): string {
    const { random } = this;
    if (depth === 0) return this.named("big") ?? `${random.pick(INTEGERS)}n`;
    const next = (): string => this.big(depth - 1);
    switch (random.below(6)) {
      case 0:
        return `(${next()} ${random.pick(["+", "-", "*"])} ${next()})`;
      case 1:
        return `(${next()} ${random.pick(["&", "|", "^"])} ${next()})`;
      case 2:
        return `BigInt(${this.integer(depth - 1)})`;
      case 3:
        return `BigInt.${random.pick(["asIntN", "asUintN"])}(${random.pick([8, 32, 64])}, ${next()})`;
      case 4:
        return `(${this.truth(depth - 1)} ? ${next()} : ${next()})`;
      default:
        return this.named("big") ?? `${random.pick(INTEGERS)}n`;
    }
  }

  private truth(depth: number): string {
    const { random } = this;
    if (depth === 0) return this.named("yes") ?? random.pick(["true", "false"]);
    switch (random.below(5)) {
      case 0:
        return `(${this.truth(depth - 1)} ${random.pick(["&&", "||"])} ${this.truth(depth - 1)})`;
      case 1:
        return `!${this.truth(depth - 1)}`;
      case 2:
        return `(${this.integer(depth - 1)} ${random.pick(COMPARISONS)} ${this.integer(depth - 1)})`;
      case 3:
        return `(${this.big(depth - 1)} ${random.pick(COMPARISONS)} ${this.big(depth - 1)})`;
      default:
        return `(${this.word()} ${random.pick(["===", "!=="])} ${this.word()})`;
    }
  }

  private word(): string {
    return `WORD${this.random.below(WORDS.length)}`;
  }

  private named(kind: Kind): string | null {
    const fitting = this.names.filter((one) => one.kind === kind);
    return fitting.length === 0 || this.random.oneIn(3) ? null : this.random.pick(fitting).name;
  }
}
