interface Store {
  put<T>(at: u32, value: T): T; // error: RAY0419
}

interface Sink {
  put(value: u32): void;
}

class Last implements Sink {
  uses: u32 = 0;
  // prettier-ignore
  put<T>(value: T): void { // error: RAY0419
    assert(value === value);
    this.uses++;
  }
}

const last = new Last();

function keep(store: Store): boolean {
  return store === store;
}

export function main(): void {
  const sink: Sink = last;
  sink.put(4);
  assert(last.uses === 1);
}
