export function main(): void {
  let count: u64 = 3n;
  count += 1n;
  const a = 1n << count; // error: RAY0211
  const b = a >> (count - 5n); // error: RAY0211
  assert(b > 0n);
}
