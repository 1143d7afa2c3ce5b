export function main(): void {
  const a: u32 = 3;
  assert(a === 3);
  assert(a !== 4);
}
