export function main(): void {
  let count: u64 = 3n;
  count += 1n;
  const a = 1n << (count & 63n);
  const b = BigInt.asUintN(64, a << (count & 63n));
  const c = b >> count;
  assert(c === 16n);
}
