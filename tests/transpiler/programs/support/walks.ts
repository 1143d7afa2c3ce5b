// Helpers of another module: what they do stands in other files' functions, and traps name this one.

export function eachBit(bits: u32, visit: (index: u8) => void): void {
  for (let i: u8 = 0; i < 32; i++) if (((bits >>> i) & 1) !== 0) visit(i);
}

export function lowest(bits: u32, accept: (index: u8) => boolean): u8 {
  for (let i: u8 = 0; i < 32; i++) {
    if (((bits >>> i) & 1) === 0) continue;
    if (accept(i)) return i;
  }
  return 255;
}

export function find<T>(values: FixedArray<T, 4>, accept: (value: T) => boolean): T | null {
  for (const value of values) if (accept(value)) return value;
  return null;
}

export function fold<T, A>(values: FixedArray<T, 4>, first: A, add: (sum: A, value: T) => A): A {
  let sum: A = first;
  for (const value of values) sum = add(sum, value);
  return sum;
}

/** The check of what is given stands here. */
export function limited(limit: u8, work: (left: u8) => u8): u8 {
  let left: u8 = limit;
  while (left > 0) left = u8(work(left) + 1);
  return left;
}
