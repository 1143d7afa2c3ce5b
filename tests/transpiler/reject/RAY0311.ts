class Inner {
  value: u32 = 0;
}

class Outer {
  count: u32 = 0;
  readonly inner = new Inner();
}

const a = new Outer();
const b = new Outer();

export function main(): void {
  copy(a, b); // error: RAY0311
}
