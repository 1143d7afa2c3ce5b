class Circle {
  readonly kind = "circle";
  size: u32 = 3;
}

class Square {
  readonly kind = "square";
  side: u64 = 4n;
  size: u32 = 5;
}

const circle = new Circle();
const square = new Square();

function sizeOf(round: boolean): u32 {
  const shape = round ? circle : square; // error: RAY0326
  return shape.size;
}

export function main(): void {
  assert(sizeOf(true) === 3);
}
