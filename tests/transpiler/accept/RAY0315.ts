interface Shape {
  area(): u32;
}

class Square implements Shape {
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

class Cell implements Cache {
  value: u32 = 4;
  get(): u32 {
    return this.value;
  }
  drop(): void {
    this.value = 0;
  }
}

const cell = new Cell();
const cache: Cache = cell;

function got(store: Store<u32>): u32 {
  return store.get();
}

const square = new Square();
let chosen: Shape | null = null;

function measure(shape: Shape): u32 {
  return shape.area();
}

export function main(): void {
  chosen = square;
  assert(got(cell) === 4 && got(cache) === 4);
  cache.drop();
  assert(got(cell) === 0);
  assert(measure(square) === 4 && chosen !== null);
}
