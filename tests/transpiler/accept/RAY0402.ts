class Node {
  value: u32 = 0;
  next: Node | null = null;
}

const node = new Node();

export function main(): void {
  let i: u32 = 0;
  const value: u32 = i;
  i++;
  const next = node.next !== null ? node.next.value : 0;
  const small = u8(i);
  assert(small === value + 1 && next === 0);
}
