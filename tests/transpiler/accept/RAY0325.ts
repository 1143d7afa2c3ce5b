interface Area {
  area(): u32;
}

class Circle implements Area {
  readonly kind = "circle";
  radius: u32 = 3;
  area(): u32 {
    return Math.imul(this.radius, 3) >>> 0;
  }
}

class Square implements Area {
  readonly kind = "square";
  side: u32 = 4;
  area(): u32 {
    return Math.imul(this.side, this.side) >>> 0;
  }
}

type Shape = Circle | Square;

const circle = new Circle();
const square = new Square();

function areaOf(shape: Shape): u32 {
  const any: Area = shape;
  return shape.kind === "circle" ? shape.area() + any.area() : any.area();
}

export function main(): void {
  assert(areaOf(circle) === 18);
  assert(areaOf(square) === 16);
}
