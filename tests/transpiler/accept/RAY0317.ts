const enum Fault {
  timeout,
}

function work(value: u32): Result<u32, Fault> {
  return value > 3 ? err(Fault.timeout) : ok(value);
}

export function main(): void {
  const done = work(3);
  if (done.ok) assert(done.value === 3);
  let again = work(5);
  again = work(2);
  assert(again.ok);
  const failed = work(4);
  assert(!failed.ok && failed.error === Fault.timeout);
}
