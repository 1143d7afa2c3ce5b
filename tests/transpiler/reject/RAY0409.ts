export function main(): void {
  const wide = BigInt.asUintN(128, 3n); // error: RAY0409
  assert(wide > 0n);
}
