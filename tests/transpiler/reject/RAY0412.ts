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

class Chooser {
  choose<T>(flag: boolean, left: T, right: T): T {
    return flag ? left : right;
  }
  none<T>(): u32 {
    return 0;
  }
}

const chooser = new Chooser();

export function main(): void {
  assert(chooser.choose(true, 3, 4) === 3); // error: RAY0412
  assert(chooser.none() === 0); // error: RAY0412
  assert(empty.value === null);
  // prettier-ignore
  const same = mapped(true, (value) => { return value; }); // error: RAY0412
  assert(same);
  assert(zero() === 0); // error: RAY0412
  assert(pick(true, true, false));
}
