class Chain<T> {
  value: T | null = null;
  next: Chain<T> | null = null;
}

interface Link<T> {
  next(): Link<T> | null;
  value(): T;
}

class End implements Link<u32> {
  next(): Link<u32> | null {
    return null;
  }
  value(): u32 {
    return 7;
  }
}

const end = new End();

class Walker {
  walk<T>(from: Link<T>, most: u8): T {
    let at: Link<T> = from;
    for (let i: u8 = 0; i < most; i++) at = at.next() ?? at;
    return at.value();
  }
}

const walker = new Walker();

class Start {
  chain: Chain<Start> | null = null;
}

const chain = new Chain<Start>();

export function main(): void {
  const start = new Start();
  start.chain = chain;
  assert(start.chain !== null && chain.next === null);
  assert(walker.walk(end, 4) === 7);
}
