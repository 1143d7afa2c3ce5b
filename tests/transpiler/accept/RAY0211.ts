function shift(count: u64): void {
  const a = 1n << (count & 63n);
  const b = BigInt.asUintN(64, a << (count & 63n));
  const c = b >> count;
  assert(c === 16n);
}

export function main(): void {
  shift(4n);
}
