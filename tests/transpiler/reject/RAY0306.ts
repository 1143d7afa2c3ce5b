class Node {
  value: u32 = 0;

  constructor(size: u32) { // error: RAY0306
    if (size > 3) this.value = size;
  }
}

export function main(): void {
  const node = new Node(5);
  assert(node.value === 5);
}
