const START: u32 = 7;
const LIMIT = 9;

class Cursor {
  at: u32 = START;
  step: (by: u32) => u32 = (by) => (by + LATER) & 0xff;
  constructor(readonly limit: u32 = Math.max(LIMIT, 3)) {}
  next(): u32 {
    return this.at + LATER;
  }
}

class Part {
  constructor(readonly size: u32) {}
}

const cursor = new Cursor();
const cursors = fixedArray(2, () => new Cursor(1));
const parts = fixedArray(2, () => new Part(4));
const levels = fixedArray<u32, 2>(2, () => START);
/** By the time that anybody calls, it has its value. */
const LATER = 2;

export function main(): void {
  assert(cursor.at + cursors[0].at + levels[0] === 21);
  assert(parts[0].size === 4 && cursor.next() === 9 && cursor.step(1) === 3 && cursor.limit === 9);
}
