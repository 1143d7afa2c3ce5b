function shift(count: u64): void {
  const a = 1n << count; // error: RAY0211
  const b = 3n >> (count - 5n); // error: RAY0211
  assert(b > a);
}

export function main(): void {
  shift(9n);
}
