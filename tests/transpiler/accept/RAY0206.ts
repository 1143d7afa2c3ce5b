let count: u32 = 0;

class Counter {
  value: u16 = 0;
}

export function main(): void {
  let local: u8 = 5;
  const fixed = 7;
  const counter = new Counter();
  local++;
  count = local;
  assert(counter.value < count + fixed);
}
