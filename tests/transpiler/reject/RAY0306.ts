class Node {
  value: u32 = 0;

  constructor(size: u32) { // error: RAY0306
    if (size > 3) this.value = size;
  }
}

class Part {
  copied: u32 = 0;

  constructor(whole: Whole) {
    this.copied = whole.later;
  }
}

class Whole {
  readonly part = new Part(this); // error: RAY0306
  later: u32 = 7;
}

const node = new Node(5);

function maybe(flag: boolean): Node | null {
  return flag ? node : null;
}

class Reader {
  value: u32 = maybe(true)?.value ?? 4; // error: RAY0306
}

export function main(): void {
  const reader = new Reader();
  assert(reader.value === 0);
  const whole = new Whole();
  assert(whole.part.copied === 7);
  assert(node.value === 5);
}
