export function main(): void {
  let i: u32 = 0;
  i += 1;
  if (i === 0) print(utf8("x"));
  i++;
  --i;
  assert(i === 1);
}
