function twice(value: u32): u32 {
  return value + value;
}

export function main(): void {
  // @ts-ignore // error: RAY0110
  twice();
  // @ts-expect-error // error: RAY0110
  twice("two"); // error: RAY0208
}
