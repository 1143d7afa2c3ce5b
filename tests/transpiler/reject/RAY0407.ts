export function main(): void {
  const a: u32 = 3;
  assert(a == 3); // error: RAY0407
  assert(a != 4); // error: RAY0407
}
