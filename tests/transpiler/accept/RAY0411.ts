function first(value: u32): u32 {
  return value;
}

function firstOfThree(): u32 {
  return first(3);
}

class Place {
  x: u32 = 1;
}

class Copied {
  x: u32;
  constructor(place: Place) {
    this.x = place.x;
  }
}

class Started {
  constructor(readonly at: u32 = 3) {}
}

const place = new Place();

function third({ x }: Place): u32 {
  return x;
}

export function main(): void {
  const copied = new Copied(place);
  assert(copied.x === third(place));
  const started = new Started();
  assert(started.at === 3);
  assert(first(1) + firstOfThree() === 4);
}
