class Inner {
  value: u32 = 0;
}

class Outer {
  count: u32 = 0;
  readonly inner = new Inner();
}

const a = new Outer();
const b = new Outer();

const few = new Uint8Array(3);
const others = new Uint8Array(3);

function take(): void {
  copy(few, others); // error: RAY0311
}

export function main(): void {
  copy(a, b); // error: RAY0311
}
