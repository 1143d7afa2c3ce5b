const TABLE: readonly u8[] = [1, 2];

export function main(): void {
  let i: u32 = 0;
  const value: u32 = i;
  i++;
  const small = u8(i);
  assert(small === value + 1 && TABLE[0] === small);
}
