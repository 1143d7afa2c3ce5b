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

export function main(): void {
  const whole = new Whole();
  assert(whole.part.copied === 7);
  const node = new Node(5);
  assert(node.value === 5);
}
