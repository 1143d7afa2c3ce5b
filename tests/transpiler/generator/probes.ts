// Probes: short functions in which something is learnt of an index, a bound and the length of a view, something may then change
// one of them, and an access follows at the edge of what is there. Each fact and each change is of a kind that rayc looks at,
// so what it believes too long, or on the wrong way, leaves out a check that would have trapped.

import type { Random } from "./random.ts";

type Make = (probe: Probe) => string;

/** Every so many times something changes. */
const CHANGE_ODDS = 2;

const CHANGES: readonly Make[] = [
  () => "at++;",
  (probe) => `at += ${probe.step()};`,
  () => "at = end;",
  () => "end = at;",
  () => "end++;",
  () => "end = end - at;",
  () => "view = view.slice(0, end);",
  () => "view = view.slice(0, at);",
  () => "view = view.slice(1, view.length - 1);",
  (probe) => `if (flag) at = ${probe.edge()};`,
  (probe) => `if (flag) end = ${probe.edge()};`,
  () => "if (flag) view = view.slice(0, 1);",
  () => "at = flag ? end : at;",
  () => "for (let i: u32 = 0; i < 3; i++) at++;",
  () => "for (let i: u32 = 0; i < 2; i++) view = view.slice(0, view.length - 1);",
];

const ACCESSES: readonly Make[] = [
  (probe) => `number(view.u8(${probe.place()}));`,
  (probe) => `number(view.u8(${probe.place()}));`,
  (probe) => `view.setU8(${probe.place()}, ${probe.step()});`,
  (probe) => `number(view.u16le(${probe.place()}));`,
  (probe) => `number(view.u32be(${probe.place()}));`,
  (probe) => `view.setU16be(${probe.place()}, ${probe.edge()});`,
  () => "number(view.slice(at, end - at).length);",
  () => "number(span(view, at, view.length - at).length);",
];

/** A function of two numbers and a flag, and an exported one that calls it, at last with what most likely traps. */
export function probe(random: Random, name: string): string[] {
  const flag = (): string => random.pick(["true", "false"]);
  return [
    ...new Probe(random).lines(name),
    `export function ${name}s(): void {`,
    `  ${name}(${random.below(3)}, ${7 + random.below(3)}, ${flag()});`,
    `  ${name}(${1 + random.below(4)}, ${5 + random.below(4)}, ${flag()});`,
    `  ${name}(${7 + random.below(2)}, 8, ${flag()});`,
    `  ${name}(8, ${7 + random.below(2)}, ${flag()});`,
    "}",
    "",
  ];
}

class Probe {
  constructor(private readonly random: Random) {}

  lines(name: string): string[] {
    return [
      `function ${name}(at0: u32, end0: u32, flag: boolean): void {`,
      "  let at: u32 = at0;",
      "  let end: u32 = end0;",
      `  let view: Bytes = bytesOf(first.bytes).slice(0, ${this.random.oneIn(3) ? "8" : "end"});`,
      ...indented(this.fact(1 + this.random.below(2))),
      "  number(at + end);",
      "}",
      "",
    ];
  }

  step(): string {
    return String(1 + this.random.below(3));
  }

  /** What stands near the end of a view. */
  edge(): string {
    return String(6 + this.random.below(4));
  }

  place(): string {
    const { random } = this;
    if (!random.oneIn(3)) return "at";
    return random.pick([`at + ${this.step()}`, "at - 1", "end - at", "end - 1"]);
  }

  private comparison(): string {
    const { random } = this;
    const small = random.pick(["at", "at", "at", `at + ${this.step()}`, "end"]);
    const large = small === "end" ? "view.length" : random.pick(["view.length", "view.length", "end"]);
    return `${small} ${random.pick(["<", "<="])} ${large}`;
  }

  /** Something that is learnt, and what is done with it. */
  private fact(depth: number): string[] {
    const { random } = this;
    const test = this.comparison();
    const inner = this.inner(depth);
    const access = (): string => random.pick(ACCESSES)(this);
    switch (random.below(11)) {
      case 0:
      case 1:
        return [`if (${test}) {`, ...indented(inner), "}"];
      case 2:
        return [`if (!(${test})) return;`, ...inner];
      case 3:
        return [`if (flag ${random.pick(["&&", "||"])} ${test}) {`, ...indented(inner), "}"];
      case 4:
        return [`if (${test} ${random.pick(["&&", "||"])} flag) return;`, ...inner];
      case 5:
        return ["for (let i: u32 = at; i < view.length; i++) {", ...indented(inner), "  at = i;", "}"];
      case 6:
        return [access(), ...inner];
      case 7:
        return [`if (flag) ${access()}`, ...inner];
      case 8:
        return [
          `yes(flag ${random.pick(["&&", "||"])} view.u8(${this.place()}) > ${this.step()});`,
          ...inner,
        ];
      case 9:
        return [`number(flag ? view.u8(${this.place()}) : ${this.step()});`, ...inner];
      default:
        return [`if (flag) {`, "  at = 0;", `} else if (!(${test})) {`, "  return;", "}", ...inner];
    }
  }

  private inner(depth: number): string[] {
    const { random } = this;
    const changes = random.oneIn(CHANGE_ODDS) ? [random.pick(CHANGES)(this)] : [];
    const rest = depth > 1 && random.oneIn(2) ? this.fact(depth - 1) : [random.pick(ACCESSES)(this)];
    return [...changes, ...rest];
  }
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
