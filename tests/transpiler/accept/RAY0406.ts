function even(n: u32): boolean {
  let rest: u32 = n;
  while (rest > 1) rest -= 2;
  return rest === 0;
}

function odd(n: u32): boolean {
  return !even(n);
}

export function main(): void {
  assert(even(4) && odd(3));
}
