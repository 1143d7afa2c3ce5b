function zero<T>(): u32 {
  return 0;
}

function pick<T>(flag: boolean, left: T, right: T): T {
  return flag ? left : right;
}

class Pair<A, B> {
  constructor(
    readonly left: A,
    readonly right: B,
  ) {}
}

class Empty<T> {
  value: T | null = null;
}

function mapped<T, U>(value: T, map: (value: T) => U): U {
  return map(value);
}

const seven = new Pair(7, true); // error: RAY0412
const empty = new Empty(); // error: RAY0412

export function main(): void {
  assert(empty.value === null);
  // prettier-ignore
  const same = mapped(true, (value) => { return value; }); // error: RAY0412
  assert(same);
  assert(zero() === 0); // error: RAY0412
  assert(pick(true, true, false));
}
