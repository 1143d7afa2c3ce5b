function zero<T>(): u32 {
  return 0;
}

function pick<T>(flag: boolean, left: T, right: T): T {
  return flag ? left : right;
}

export function main(): void {
  assert(zero() === 0); // error: RAY0412
  assert(pick(true, true, false));
}
