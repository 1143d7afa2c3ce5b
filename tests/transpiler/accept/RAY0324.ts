class Circle {
  readonly kind = "circle";
  radius: u32 = 3;
  size: u8 = 1;
}

class Square {
  readonly kind = "square";
  side: u32 = 4;
  size: u8 = 2;
}

type Shape = Circle | Square;

class Frame {
  constructor(public shape: Shape) {}
}

const circle = new Circle();
const square = new Square();
const frame = new Frame(circle);

function radius(frame: Frame): u32 {
  const { shape } = frame;
  return shape.kind === "circle" ? shape.radius : shape.size;
}

function radiusAtOnce(frame: Frame): u32 {
  return frame.shape.kind === "circle" ? frame.shape.radius : frame.shape.size;
}

export function main(): void {
  assert(radius(frame) === 3);
  assert(radiusAtOnce(frame) === 3);
  frame.shape = square;
  frame.shape.size++;
  assert(radius(frame) === 3);
}
