interface Shape {
  area(): u32;
}

class Square implements Shape {
  area(): u32 {
    return 4;
  }
}

const square = new Square();
let chosen: Shape | null = null;

function measure(shape: Shape): u32 {
  return shape.area();
}

export function main(): void {
  chosen = square;
  assert(measure(square) === 4 && chosen !== null);
}
