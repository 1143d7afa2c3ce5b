const enum Failure {
  none = 1,
}

function even(value: u32): Result<u32, Failure> {
  if (value % 2 === 0) return ok(value);
  return err(Failure.none);
}

class Holder {
  last: Result<u32, Failure> = ok(4); // error: RAY0321
  constructor(readonly first: Result<u32, Failure>) {} // error: RAY0321
  turn(): void {
    this.last = even(3);
  }
}

export function main(): void {
  const holder = new Holder(even(2));
  holder.turn();
  const all = fixedArray<Result<u32, Failure>, 2>(2, () => ok(4)); // error: RAY0321
  assert(all[0].ok);
}
