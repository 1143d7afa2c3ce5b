class Node {
  value: u32 = 0;
}

export function main(): void {
  const values = new Uint32Array(4);
  for (const value of values.entries()) assert(value > 0); // error: TS2339
  values.sort(); // error: TS2339
  BigInt.asUintN(128, 3n); // error: RAY0409
}
