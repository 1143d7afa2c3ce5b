class Chain<T> {
  value: T | null = null;
  next: Chain<T> | null = null;
}

class Start {
  chain: Chain<Start> | null = null;
}

const chain = new Chain<Start>();

export function main(): void {
  const start = new Start();
  start.chain = chain;
  assert(start.chain !== null && chain.next === null);
}
