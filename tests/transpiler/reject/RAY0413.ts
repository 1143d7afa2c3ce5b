// prettier-ignore
class Chain<T> { // error: RAY0413
  value: u32 = 0;
  next: Chain<Chain<T>> | null = null;
}

class Boxed<T> {
  constructor(readonly value: T) {}
}

const boxed = new Boxed(true);

class Walker {
  // prettier-ignore
  walk<T>(value: T, left: u8): u32 { // error: RAY0413
    assert(value === value);
    return left === 0 ? 0 : this.walk<Boxed<T> | null>(null, left);
  }
}

// prettier-ignore
interface Ever<T> { // error: RAY0413
  next(): Ever<Boxed<T>>;
}

const walker = new Walker();

function follow(ever: Ever<boolean>): boolean {
  return ever === ever;
}

class Start {
  chain: Chain<Start> | null = null;
}

export function main(): void {
  const start = new Start();
  assert(start.chain === null);
  assert(walker.walk(boxed, 3) === 0);
}
