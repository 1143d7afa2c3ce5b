export function main(): void {
  let a: u64 = 1n;
  a += 3n;
  const cube = BigInt.asUintN(64, a * a * a);
  assert(cube === 64n);
}
