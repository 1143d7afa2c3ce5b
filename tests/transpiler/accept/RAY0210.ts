class Counter {
  value: u32 = 0;
}

/** A parameter that takes any integer. */
function show(value: number): void {
  assert(BigInt(value) >= 0n);
}

export function main(): void {
  const counter = new Counter();
  show(counter.value);
  show(0x1_ffff_ffff);
}
