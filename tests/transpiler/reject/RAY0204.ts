function cubeIsSmall(a: u64): boolean {
  return a * a * a < 1000n; // error: RAY0204
}

export function main(): void {
  assert(cubeIsSmall(4n));
}
