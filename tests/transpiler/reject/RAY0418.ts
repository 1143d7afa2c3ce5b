// prettier-ignore
class Pair<A, B> { // error: RAY0418
  constructor(
    readonly left: A,
    readonly right: B,
  ) {}
}

class Counter {
  // prettier-ignore
  count<T>(at: u8): u32 { // error: RAY0418
    if (at === 0) return this.count<Pair<T, u8>>(at) + this.count<Pair<u8, T>>(at);
    return this.count<Pair<T, u16>>(at) + this.count<Pair<u16, T>>(at);
  }
}

const counter = new Counter();

export function main(): void {
  assert(counter.count<u32>(0) === 0);
}
