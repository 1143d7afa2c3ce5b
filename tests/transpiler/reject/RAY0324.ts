class Circle {
  readonly kind = "circle";
  radius: u32 = 3;
}

class Square {
  readonly kind = "square";
  side: u32 = 4;
}

type Shape = Circle | Square;

class Frame {
  constructor(
    public shape: Shape,
    public inner: Pair,
  ) {}
}

class Pair {
  constructor(readonly shape: Shape) {}
}

const circle = new Circle();
const square = new Square();
const pair = new Pair(circle);
const other = new Pair(square);
const frame = new Frame(circle, pair);
let last: Shape = circle;

function radiusOf(circle: Circle): u32 {
  return circle.radius;
}

function change(): boolean {
  frame.shape = square;
  frame.inner = other;
  last = square;
  return true;
}

function several(frame: Frame, twin: Frame, times: u8): u32 {
  let sum: u32 = 0;
  if (frame.shape.kind === "circle" && change()) sum += frame.shape.radius; // error: RAY0324
  if (frame.shape.kind === "circle") {
    twin.shape = square;
    sum += frame.shape.radius; // error: RAY0324
  }
  if (frame.inner.shape.kind === "circle") {
    change();
    sum += frame.inner.shape.radius; // error: RAY0324
  }
  if (frame.shape.kind === "circle") {
    for (let i: u8 = 0; i < times; i++) sum += frame.shape.radius; // error: RAY0324
  }
  if (frame.shape.kind === "circle") {
    switch (times) {
      case 0:
        change();
        break;
      default:
        break;
    }
    sum += frame.shape.radius; // error: RAY0324
  }
  const isCircle = last.kind === "circle";
  change();
  if (isCircle) sum += last.kind === "circle" ? last.radius : 0;
  if (last.kind === "circle") {
    change();
    sum += last.radius; // error: RAY0324
  }
  return sum;
}

export function main(): void {
  if (frame.shape.kind === "circle") {
    change();
    assert(frame.shape.radius === 3); // error: RAY0324
    assert(radiusOf(frame.shape) === 3); // error: RAY0324
  }
  switch (frame.shape.kind) {
    case "circle":
      change();
      frame.shape.radius = 4; // error: RAY0324
      break;
    case "square":
      break;
  }
  assert(several(frame, frame, 2) === 3);
}
