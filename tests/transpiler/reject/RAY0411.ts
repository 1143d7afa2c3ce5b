function three(): u32 {
  return 3;
}

function first(value: u32 = three()): u32 { // error: RAY0411
  return value;
}

function second(value?: u32): u32 { // error: RAY0411
  return value === undefined ? 3 : 4; // error: RAY0402
}

class Place {
  x: u32 = 1;
}

class Copied {
  x: u32;
  constructor({ x }: Place) { // error: RAY0411
    this.x = x;
  }
}

class Started {
  constructor(readonly at: u32 = three()) {} // error: RAY0411
}

const place = new Place();

function third({ x }: Place = place): u32 { // error: RAY0411
  return x;
}

export function main(): void {
  assert(new Copied(place).x === third()); // error: RAY0301
  const started = new Started(4);
  assert(started.at === 4);
  assert(first(1) + second(2) === 5);
}
