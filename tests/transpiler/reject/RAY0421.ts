function textOf(isLow: boolean): string {
  return isLow ? "low" : "high";
}

function check(value: u32, name: string): void {
  assert(value < 9, name); // error: RAY0421
  if (value === 8) unreachable(textOf(value < 4)); // error: RAY0421
}

export function main(): void {
  check(3, "three");
}
