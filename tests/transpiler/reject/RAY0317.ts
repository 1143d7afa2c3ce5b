const enum Fault {
  timeout,
}

function work(value: u32): Result<u32, Fault> {
  return value > 3 ? err(Fault.timeout) : ok(value);
}

export function main(): void {
  work(4); // error: RAY0317
  const kept = work(5); // error: RAY0317
  let again = work(6); // error: RAY0317
  again = work(7);
}
