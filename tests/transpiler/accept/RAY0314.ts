interface Shape {
  side(): u32;
  area(): u32;
}

class Square implements Shape {
  constructor(private readonly length: u32) {}
  side(): u32 {
    return this.length;
  }
  area(): u32 {
    return (this.length & 255) * (this.length & 255);
  }
}

const square = new Square(4);

function measure(shape: Shape): u32 {
  return shape.area() + shape.side();
}

export function main(): void {
  assert(measure(square) === 20);
}
