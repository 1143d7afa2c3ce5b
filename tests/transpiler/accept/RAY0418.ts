class Pair<A, B> {
  constructor(
    readonly left: A,
    readonly right: B,
  ) {}
}

class Counter {
  total: u32 = 0;

  count<A, B>(pair: Pair<A, B>, of: (left: A, right: B) => u32): u32 {
    this.total += of(pair.left, pair.right);
    return this.total;
  }
}

const counter = new Counter();
const small = new Pair<u8, u16>(3, 4);
const large = new Pair(small, true);

export function main(): void {
  assert(counter.count(small, (left, right) => left + right) === 7);
  assert(counter.count(large, (left, right) => (right ? left.left : 0)) === 10);
}
