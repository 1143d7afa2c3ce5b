class Counter {
  value: number = 0; // error: RAY0210
}

function total(a: u32): number { // error: RAY0210
  return a;
}

function same<T>(value: T): T {
  return value;
}

export function main(): void {
  const counter = new Counter();
  assert(total(3) === counter.value);
  assert(same<number>(3) === 3); // error: RAY0210
}
