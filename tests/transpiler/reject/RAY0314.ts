interface Shape {
  readonly side: u32; // error: RAY0314
  name?(): u32; // error: RAY0314
  area(): u32;
}

class Square implements Shape {
  constructor(readonly side: u32) {}
  area(): u32 {
    return (this.side & 255) * (this.side & 255);
  }
}

const square = new Square(4);

function measure(shape: Shape): u32 {
  return shape.area();
}

interface Optional {
  maybe?(): u32; // error: RAY0314
}

export function main(): void {
  assert(measure(square) === 16);
}
