export function main(): void {
  let total: u32 = 7;
  total = total / 2; // error: RAY0205
  total /= 2; // error: RAY0205
  assert(total === 1);
}
