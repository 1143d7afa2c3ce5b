function same<T>(left: T): T {
  return left;
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

const seven: Pair<u8, boolean> = new Pair(7, true);
const copied = new Pair(seven, seven);
const empty = new Empty<Pair<u8, boolean>>();

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
  assert(chooser.choose<u8>(true, 3, 4) === 3);
  assert(chooser.none<u8>() === 0);
  assert(copied.left === copied.right && empty.value === null);
  assert(
    mapped(seven.right, (value): boolean => {
      return value;
    }),
  );
  assert(same<u32>(4) === 4);
  assert(pick(true, true, false));
  assert(pick<u64>(false, 1n, 2n) === 2n);
}
