function same<T>(left: T): T {
  return left;
}

function pick<T>(flag: boolean, left: T, right: T): T {
  return flag ? left : right;
}

export function main(): void {
  assert(same<u32>(4) === 4);
  assert(pick(true, true, false));
  assert(pick<u64>(false, 1n, 2n) === 2n);
}
