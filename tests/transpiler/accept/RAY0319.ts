interface Sink {
  put(value: u32): void;
  level(): u32;
}

class Narrow implements Sink {
  last: u8 = 0;
  put(value: u32): void {
    this.last = value > 255 ? 255 : u8(value);
  }
  level(): u32 {
    return this.last;
  }
}

const narrow = new Narrow();

export function main(): void {
  const sink: Sink = narrow;
  sink.put(300);
  assert(sink.level() === 255);
}
