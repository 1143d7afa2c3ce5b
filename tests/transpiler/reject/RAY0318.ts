const enum Fault {
  timeout,
}

export function main(): void {
  const done = ok(3); // error: RAY0318
  assert(done.ok);
  const failed = err(Fault.timeout); // error: RAY0318
  assert(!failed.ok);
}
