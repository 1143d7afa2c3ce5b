// prettier-ignore
class Chain<T> { // error: RAY0413
  value: u32 = 0;
  next: Chain<Chain<T>> | null = null;
}

class Start {
  chain: Chain<Start> | null = null;
}

export function main(): void {
  const start = new Start();
  assert(start.chain === null);
}
