class Node {
  value: u32 = 0;
  next: Node | null = null;
}

const node = new Node();

export function main(): void {
  const kind = typeof node; // error: RAY0402
  let i: u32 = 0;
  const value = i++; // error: RAY0402
  const next = node.next?.value; // error: RAY0402
  const small = i as u8; // error: RAY0402
  assert(small === value && kind !== "" && next !== 3);
}
