class Node {
  value: u32;

  constructor(size: u32) {
    this.value = size > 3 ? size : 0;
  }
}

export function main(): void {
  const node = new Node(5);
  assert(node.value === 5);
}
