const VALUE: u32 = 4;

export function main(): void {
  const value = VALUE;
  assert(value === VALUE);
}
