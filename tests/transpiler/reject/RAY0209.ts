export function main(): void {
  let a: u64 = 1n;
  a += 6n;
  const half = (a * a) / a; // error: RAY0209
  const rest = (a * a) % 10n; // error: RAY0209
  assert(half > rest);
}
