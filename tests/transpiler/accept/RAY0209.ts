export function main(): void {
  let a: u64 = 1n;
  a += 6n;
  const half = u64(a * a) / a;
  const rest = u64(a * a) % 10n;
  const shifted = (a * a) / 16n;
  assert(half === 7n && rest === 9n && shifted === 3n);
}
