// Paths: of which class a field of a field is, for as long as nothing can have assigned it.

import { number, word, yes } from "./support/output.ts";

class Circle {
  readonly kind = "circle";
  readonly isRound = true;
  radius: u8 = 1;
  readonly frame: Frame | null = null;
}

class Square {
  readonly kind = "square";
  readonly isRound = false;
  side: u8 = 2;
}

class Line {
  readonly kind = "line";
  readonly isRound = false;
  side: u8 = 4;
}

type Shape = Circle | Square | Line;

class Frame {
  next: Shape | null = null;
  constructor(
    public shape: Shape,
    readonly fixed: Shape,
  ) {}

  /** What is readonly stays what it is. */
  fixedSize(): u8 {
    if (this.fixed.kind === "circle") {
      change();
      return this.fixed.radius;
    }
    change();
    return this.fixed.side;
  }

  flip(): void {
    this.shape = square;
    number(this.shape.side);
    this.shape = circle;
    number(this.shape.radius);
    this.shape = line;
    number(this.shape.side);
  }
}

class Wall {
  readonly inner = new Frame(circle, line);
  readonly other: Frame;
  constructor(other: Frame) {
    this.other = other;
  }
}

const circle = new Circle();
const square = new Square();
const line = new Line();
const frame = new Frame(circle, square);
const frames = fixedArray(3, () => new Frame(line, circle));
const wall = new Wall(frame);
let last: Shape = circle;
const FIRST: Shape = line;
let changes: u8 = 0;

function change(): boolean {
  last = changes % 2 === 0 ? square : circle;
  frame.shape = last;
  changes = (changes + 1) & 7;
  return true;
}

function sizeOf(frame: Frame): u8 {
  if (frame.shape.kind === "circle") return frame.shape.radius;
  return frame.shape.side;
}

function switched(frame: Frame): u8 {
  switch (frame.fixed.kind) {
    case "circle":
      return frame.fixed.radius;
    case "square":
      change();
      return frame.fixed.side;
    default:
      return frame.fixed.side;
  }
}

function rounds(frame: Frame): void {
  if (frame.fixed.kind === "circle") return;
  change();
  for (let i: u8 = 0; i < 2; i++) {
    change();
    number(frame.fixed.side + i);
  }
  while (frame.shape.kind === "square") {
    frame.shape.side++;
    if (frame.shape.side > 5) frame.shape = circle;
    change();
  }
}

function byName(wall: Wall): u8 {
  const isSquare = wall.other.fixed.kind === "square" && !wall.inner.fixed.isRound;
  change();
  return isSquare ? wall.other.fixed.side : 0;
}

function ofModule(): u8 {
  last = circle;
  if (last.kind === "circle") last.radius++;
  number(last.radius);
  if (last.kind !== "circle") return 9;
  return last.radius;
}

function optional(frame: Frame): u8 {
  if (frame.next !== null && frame.next.kind === "line") return frame.next.side;
  const next = frame.next;
  return next !== null && next.kind === "square" ? 7 : 8;
}

function each(frames: FixedArray<Frame, 3>, visit: (frame: Frame) => void): void {
  for (const frame of frames) visit(frame);
}

export function fields(): void {
  number(sizeOf(frame));
  number(switched(frame));
  number(frame.fixedSize());
  frame.flip();
  number(sizeOf(frame));
}

export function loops(): void {
  rounds(frame);
  number(square.side);
}

export function names(): void {
  number(byName(wall));
  if (wall.inner.shape.kind === "circle" && wall.inner.shape.radius === 1) word("round");
  if (FIRST.kind === "line" && change()) number(FIRST.side);
  yes(wall.inner.fixed.isRound);
  number(ofModule());
}

export function nothings(): void {
  number(optional(frame));
  frame.next = line;
  number(optional(frame));
  frame.next = square;
  number(optional(frame));
  if (frame.next !== null && frame.next.kind === "square" && frame.next.side === 2) word("two");
}

/** The helper's text stands here: what its function knows is known of its own parameter. */
export function helpers(): void {
  let sum: u32 = 0;
  frames[1].shape = circle;
  each(frames, (one) => {
    if (one.shape.kind !== "circle") return;
    sum += one.shape.radius + one.fixedSize();
  });
  number(sum);
}

export function several(): void {
  if (frame.fixed.kind === "circle") return;
  number(frame.fixed.side);
  if (frame.shape.kind === "circle" || frame.shape.kind === "line") {
    yes(frame.shape.isRound);
    frame.shape = frame.shape.kind === "line" ? circle : line;
  }
  number(sizeOf(frame));
}
