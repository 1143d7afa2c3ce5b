export function main(): void {
  const values = new Uint32Array(4);
  values.fill(3);
  for (const value of values) assert(value > 0);
  assert(BigInt.asUintN(64, 3n) === 3n);
}
