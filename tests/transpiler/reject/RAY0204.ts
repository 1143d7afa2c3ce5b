export function main(): void {
  let a: u64 = 1n;
  a += 3n;
  const cube = a * a * a; // error: RAY0204
  assert(cube > 0n);
}
