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
  constructor(public outer: Outer) {}
}

const first = new Named(a);
const second = new Named(b);

export function main(): void {
  copy(first, second);
  assert(first.outer === b);
  b.count = 2;
  b.inner.value = 3;
  a.count = b.count;
  copy(a.inner, b.inner);
  assert(a.inner.value === 3);
}
