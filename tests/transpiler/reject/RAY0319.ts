interface Sink {
  put(value: u32): void;
  level(): u32;
  pair(first: u32, second: u32): u32;
}

class Narrow implements Sink {
  last: u8 = 0;
  put(value: u8): void { // error: RAY0319
    this.last = value;
  }
  level(): u8 { // error: RAY0319
    return this.last;
  }
  pair(first: u32): u32 { // error: RAY0319
    return first;
  }
}

interface Store<T> {
  put(value: T): void;
}

class Half implements Store<u32> {
  last: u16 = 0;
  put(value: u16): void { // error: RAY0319
    this.last = value;
  }
}

const narrow = new Narrow();

export function main(): void {
  const sink: Sink = narrow;
  sink.put(300);
}
