const enum Failure {
  none = 1,
}

function even(value: u32): Result<u32, Failure> {
  if (value % 2 === 0) return ok(value);
  return err(Failure.none);
}

class Holder {
  value: u32 = 0;
  failed: boolean = false;
  turn(value: u32): void {
    const result = even(value);
    this.failed = !result.ok;
    if (result.ok) this.value = result.value;
  }
}

export function main(): void {
  const holder = new Holder();
  holder.turn(4);
  holder.turn(3);
  assert(holder.value === 4 && holder.failed);
}
