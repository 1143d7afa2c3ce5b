function area(width: u32, height: u32): u32 {
  return (width * height) >>> 0; // error: RAY0203
}

export function main(): void {
  const beyond = 9007199254740993; // error: RAY0203
  assert(area(3, 4) === beyond);
}
