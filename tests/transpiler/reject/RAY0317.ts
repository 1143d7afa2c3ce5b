const enum Fault {
  timeout,
}

function work(value: u32): Result<u32, Fault> {
  return value > 3 ? err(Fault.timeout) : ok(value);
}

function drop(result: Result<u32, Fault>): void {} // error: RAY0317

function lastOf(count: u32): Result<u32, Fault> {
  let last = work(8); // error: RAY0317
  last = work(9);
  if (!last.ok) return last;
  for (let i: u32 = 0; i < count; i++) {
    last = work(i); // error: RAY0317
    last = work(i + 1);
    assert(last.ok);
    last = work(i + 2);
  }
  assert(last.ok);
  last = work(count); // error: RAY0317
  return ok(1);
}

export function main(): void {
  work(4); // error: RAY0317
  const kept = work(5); // error: RAY0317
  let again = work(6); // error: RAY0317
  again = work(7);
  drop(lastOf(2));
}
