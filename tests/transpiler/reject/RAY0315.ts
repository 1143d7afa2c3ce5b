interface Shape {
  area(): u32;
}

class Square {
  area(): u32 {
    return 4;
  }
}

interface Store<T> {
  get(): T;
}

interface Cache extends Store<u32> {
  drop(): void;
}

class Cell implements Store<u32> {
  get(): u32 {
    return 4;
  }
  drop(): void {}
}

const cell = new Cell();
const cache: Cache = cell; // error: RAY0315

const square = new Square();

function measure(shape: Shape): u32 {
  return shape.area();
}

export function main(): void {
  assert(measure(square) === 4); // error: RAY0315
}
