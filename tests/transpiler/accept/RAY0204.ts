function cube(a: u64): u64 {
  return BigInt.asUintN(64, a * a * a);
}

export function main(): void {
  assert(cube(4n) === 64n);
}
