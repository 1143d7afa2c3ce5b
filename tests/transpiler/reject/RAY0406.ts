function even(n: u32): boolean { // error: RAY0406
  return n === 0 ? true : odd(u32(n - 1));
}

function odd(n: u32): boolean {
  return n === 0 ? false : even(u32(n - 1));
}

function forever(n: u32): u32 { // error: RAY0406
  return forever(n);
}

export function main(): void {
  assert(even(4) && forever(3) === 0);
}
