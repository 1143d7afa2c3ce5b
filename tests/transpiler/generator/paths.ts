// Random programs that ask of which class a field is, change it by every way that there is, and read what only that class has.
// tsc believes a condition longer than it is true; rayc refuses what it does not know, and that is left out.

import type { Random } from "./random.ts";

const SHAPES = ["circle", "square", "line"] as const;
const FRAMES = ["left", "right", "wall.inner", "wall.other", "wall.fixed", "held", "taken"] as const;
/** What holds a shape: variables, and fields of each frame. */
const PATHS: readonly string[] = [
  "current",
  "seen",
  ...FRAMES.flatMap((frame) => [`${frame}.shape`, `${frame}.fixed`, `${frame}.shape`]),
];
const DEPTH = 3;

/** The classes, the instances, and what changes them behind a caller's back. */
export function pathsHead(output: string): string {
  return `import { number, yes } from "${output}";

class Circle {
  readonly kind = "circle";
  radius: u8 = 1;
}

class Square {
  readonly kind = "square";
  side: u16 = 20;
}

class Line {
  readonly kind = "line";
  side: u16 = 300;
}

type Shape = Circle | Square | Line;

class Frame {
  constructor(
    public shape: Shape,
    readonly fixed: Shape,
  ) {}
}

class Wall {
  readonly inner = new Frame(circle, square);
  constructor(
    public other: Frame,
    readonly fixed: Frame,
  ) {}
}

const circle = new Circle();
const square = new Square();
const line = new Line();
const left = new Frame(line, circle);
const right = new Frame(square, line);
const wall = new Wall(left, right);
let current: Shape = square;
let turns: u32 = 0;

function shapeOf(turn: u32): Shape {
  switch (turn % 3) {
    case 0:
      return circle;
    case 1:
      return square;
    default:
      return line;
  }
}

function change(): void {
  turns = (turns + 1) % 1000;
  current = shapeOf(turns);
  left.shape = shapeOf(turns + 1);
  right.shape = shapeOf(turns + 2);
  wall.inner.shape = shapeOf(turns * 2);
  wall.other = turns % 2 === 0 ? left : right;
}

function changed(): boolean {
  change();
  return turns % 4 !== 0;
}
`;
}

/** A program of this name: statements a line each. */
export function paths(random: Random, name: string): string {
  const writer = new Paths(random);
  writer.statements(DEPTH, 8);
  const lines = [
    "const held = wall.other;",
    "let taken = wall.other;",
    "let seen: Shape = shapeOf(turns);",
    ...writer.lines,
    "number(turns);",
    'yes(held.fixed.kind === "circle" || taken.shape.kind === "circle" || seen.kind === "circle");',
  ];
  return `\nexport function ${name}(): void {\n${lines.map((line) => `  ${line}`).join("\n")}\n}\n`;
}

class Paths {
  readonly lines: string[] = [];
  /** What was asked about lately: what is read is most often one of these. */
  private readonly asked: { readonly path: string; readonly shape: string }[] = [];
  private indent = "";
  private count = 0;

  constructor(private readonly random: Random) {}

  statements(depth: number, most: number): void {
    for (let left = 1 + this.random.below(most); left > 0; left--) this.statement(depth);
  }

  private statement(depth: number): void {
    const { random } = this;
    switch (random.below(depth === 0 ? 6 : 11)) {
      case 0:
      case 1:
      case 2:
        return this.write(this.reading());
      case 3:
        return this.write(`${this.path()} = ${random.oneIn(3) ? this.path() : random.pick(SHAPES)};`);
      case 4:
        return this.write("change();");
      case 5:
        return this.write(
          random.oneIn(2)
            ? `taken = ${random.pick(FRAMES)};`
            : `wall.other = ${random.pick(["left", "right"])};`,
        );
      case 6:
        return this.kept(depth);
      case 7:
        this.write(`for (let i${this.count}: u8 = 0; i${this.count} < 3; i${this.count++}++) {`);
        this.block(depth);
        return this.write("}");
      default:
        this.write(`if (${this.condition()}) {`);
        this.block(depth);
        if (random.oneIn(3)) {
          this.write("} else {");
          this.block(depth);
        }
        return this.write("}");
    }
  }

  /** A condition by way of a constant. */
  private kept(depth: number): void {
    const name = `is${this.count++}`;
    this.write(`const ${name} = ${this.condition()};`);
    if (this.random.oneIn(2)) this.statement(0);
    this.write(`if (${this.random.oneIn(3) ? "!" : ""}${name}) {`);
    this.block(depth);
    this.write("}");
  }

  private block(depth: number): void {
    const { indent } = this;
    this.indent += "  ";
    if (!this.random.oneIn(4)) this.write(this.reading());
    this.statements(depth - 1, 4);
    if (this.random.oneIn(4)) this.write("return;");
    this.indent = indent;
  }

  private condition(): string {
    const { random } = this;
    const [path, shape] = [this.path(), random.pick(SHAPES)];
    this.asked.push({ path, shape });
    const test = `${path}.kind ${random.pick(["===", "===", "!=="])} "${shape}"`;
    switch (random.below(6)) {
      case 0:
        return `${test} && changed()`;
      case 1:
        return `changed() && ${test}`;
      case 2:
        return `${test} ${random.pick(["&&", "||"])} ${this.value(path, shape)} > 0`;
      default:
        return test;
    }
  }

  private reading(): string {
    const { path, shape } = this.lately();
    if (this.random.oneIn(4)) return `yes(${this.condition()});`;
    if (this.random.oneIn(4))
      return `number(${path}.kind === "${shape}" ? ${this.value(path, shape)} : ${this.random.below(9)});`;
    return `number(${this.value(path, shape)});`;
  }

  /** Of the class that it was asked for, or of another one. */
  private value(path: string, shape: string): string {
    const isCircle = this.random.oneIn(8) ? shape !== "circle" : shape === "circle";
    return `${path}.${isCircle ? "radius" : "side"}`;
  }

  private lately(): { readonly path: string; readonly shape: string } {
    const { asked, random } = this;
    if (asked.length === 0) return { path: this.path(), shape: random.pick(SHAPES) };
    return asked[asked.length - 1 - (random.oneIn(2) ? 0 : random.below(Math.min(3, asked.length)))]!;
  }

  private path(): string {
    const { asked, random } = this;
    return asked.length > 0 && random.oneIn(3) ? random.pick(asked).path : random.pick(PATHS);
  }

  private write(line: string): void {
    this.lines.push(this.indent + line);
  }
}
