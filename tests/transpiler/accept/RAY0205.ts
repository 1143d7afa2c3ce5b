export function main(): void {
  let total: u32 = 57;
  total = Math.trunc(total / 2);
  total = (total / 2) >>> 0;
  total = (total / 2) | 0;
  assert(total === 7);
  assert(15n / 2n === 7n);
}
