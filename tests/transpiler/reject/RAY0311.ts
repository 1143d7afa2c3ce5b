class Inner {
  value: u32 = 0;
}

class Outer {
  count: u32 = 0;
  readonly inner = new Inner();
}

const a = new Outer();
const b = new Outer();

class Named {
  constructor(readonly outer: Outer) {}
}

const first = new Named(a);
const second = new Named(b);
const few = new Uint8Array(3);
const others = new Uint8Array(3);

function take(): void {
  copy(few, others); // error: RAY0311
}

export function main(): void {
  copy(first, second); // error: RAY0311
  copy(a, b); // error: RAY0311
}
