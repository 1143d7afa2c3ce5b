class Cursor {
  at: u32 = START;
  constructor(readonly limit: u32 = Math.max(LIMIT, 3)) {}
}

class Ring {
  next: Ring | null = ring;
  last: u32 = LAST;
}

const cursor = new Cursor(); // error: RAY0113
const cursors = fixedArray(2, () => new Cursor(1)); // error: RAY0113
const parts = fixedArray(2, () => new Part(4)); // error: RAY0113
const levels = fixedArray<u32, 2>(2, () => START); // error: RAY0113
const ring = new Ring(), LAST = 3; // error: RAY0113
const START: u32 = 7;
const LIMIT = 9;

class Part {
  constructor(readonly size: u32) {}
}

export function main(): void {
  assert(cursor.at + cursors[0].at + levels[0] === 21);
  assert(ring.next !== null);
  assert(parts[0].size === 4);
}
