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
  constructor(public shape: Shape) {}
}

const circle = new Circle();
const frame = new Frame(circle);

function radiusOf(circle: Circle): u32 {
  return circle.radius;
}

export function main(): void {
  if (frame.shape.kind === "circle") {
    assert(frame.shape.radius === 3); // error: RAY0324
    assert(radiusOf(frame.shape) === 3); // error: RAY0324
  }
  switch (frame.shape.kind) {
    case "circle":
      frame.shape.radius = 4; // error: RAY0324
      break;
    case "square":
      break;
  }
}
