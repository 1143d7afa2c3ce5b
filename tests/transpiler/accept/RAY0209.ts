function compare(a: u64): void {
  const half = u64(a + a) / a;
  const rest = u64(a + a) % 10n;
  const shifted = (a + a) / 16n;
  assert(half === 2n && rest === 4n && shifted === 0n);
}

export function main(): void {
  compare(7n);
}
