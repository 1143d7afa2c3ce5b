let count = 0; // error: RAY0206

class Counter {
  value = 0; // error: RAY0206
}

export function main(): void {
  let local = 5; // error: RAY0206
  const counter = new Counter();
  local++;
  count = local;
  assert(counter.value < count);
}
