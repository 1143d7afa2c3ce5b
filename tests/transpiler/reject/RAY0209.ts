function compare(a: u64): void {
  const half = (a + a) / a; // error: RAY0209
  const rest = (a + a) % 10n; // error: RAY0209
  assert(half > rest);
}

export function main(): void {
  compare(7n);
}
