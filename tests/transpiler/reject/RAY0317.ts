const enum Fault {
  timeout,
}

function work(value: u32): Result<u32, Fault> {
  return value > 3 ? err(Fault.timeout) : ok(value);
}

export function main(): void {
  work(4); // error: RAY0317
}
