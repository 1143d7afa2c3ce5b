class Node {
  value: u32 = 1;
  next: Node | null = null;
}

class List {
  readonly nodes = fixedArray(2, () => new Node());
}

export function main(): void {
  const list = new List();
  list.nodes[0].next = list.nodes[1];
  list.nodes[1].value = 5;
  const next = list.nodes[0].next;
  assert(next !== null && next.value === 5);
}
