const enum Fault {
  timeout,
}

function work(value: u32): Result<u32, Fault> {
  return value > 3 ? err(Fault.timeout) : ok(value);
}

function isDone(result: Result<u32, Fault>): boolean {
  return result.ok;
}

function twice(step: (round: u32) => void): void {
  step(0);
  step(1);
}

function isEveryDone(): boolean {
  let last = work(2);
  let done: u32 = 0;
  twice((round) => {
    if (last.ok) done++;
    last = work(round);
  });
  return done === 2;
}

function lastOf(count: u32): Result<u32, Fault> {
  let last: Result<u32, Fault> = err(Fault.timeout);
  last = work(count);
  let i: u32 = 4;
  while (!last.ok && i > 0) {
    i--;
    last = work(i);
  }
  for (let round: u32 = 0; round < count; round++) {
    if (last.ok) continue;
    last = work(round);
  }
  for (let next = work(2); next.ok; next = work(9)) assert(next.value < 3);
  for (let next = work(0); next.ok;) next = work(4);
  let turns: u32 = 0;
  for (; turns < 2; last = work(turns)) {
    assert(last.ok);
    turns++;
  }
  for (; last.ok; last = work(5)) turns++;
  last = work(turns);
  if (count === 7) last = work(1);
  else last = last.ok ? work(last.value) : work(0);
  return last;
}

export function main(): void {
  const done = work(3);
  if (done.ok) assert(done.value === 3);
  let again = work(5);
  if (!again.ok) again = work(2);
  assert(again.ok && isDone(lastOf(4)) && isEveryDone());
  const failed = work(4);
  assert(!failed.ok && failed.error === Fault.timeout);
}
