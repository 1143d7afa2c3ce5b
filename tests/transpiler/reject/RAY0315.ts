interface Shape {
  area(): u32;
}

class Square {
  area(): u32 {
    return 4;
  }
}

const square = new Square();

function measure(shape: Shape): u32 {
  return shape.area();
}

export function main(): void {
  assert(measure(square) === 4); // error: RAY0315
}
