class Circle {
  readonly kind = "circle";
  radius: u32 = 3;
  area(): u32 {
    return Math.imul(this.radius, 3) >>> 0;
  }
}

class Square {
  readonly kind = "square";
  side: u32 = 4;
  area(): u32 {
    return Math.imul(this.side, this.side) >>> 0;
  }
}

const circle = new Circle();

function areaOf(shape: Circle | Square | null): u32 {
  if (shape === null) return 0;
  return shape.area(); // error: RAY0325
}

export function main(): void {
  assert(areaOf(circle) === 9);
}
