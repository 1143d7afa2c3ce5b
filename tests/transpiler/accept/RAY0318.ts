const enum Fault {
  timeout,
}

function work(fails: boolean): Result<void, Fault> {
  if (fails) return err(Fault.timeout);
  return ok();
}

export function main(): void {
  assert(work(false).ok && !work(true).ok);
}
