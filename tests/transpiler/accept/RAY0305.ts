class Node {
  value: u32 = 0;
  other: u32;

  constructor(readonly size: u32) {
    this.other = size;
  }
}

export function main(): void {
  const node = new Node(5);
  assert(node.value === 0 && node.other === node.size);
}
