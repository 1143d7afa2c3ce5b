function twice(value: u16): u32 {
  return value * 2;
}

class Node {
  clear(): void {
    assert(twice(2) === 4);
  }
}

export function main(): void {
  const node = new Node();
  node.clear();
}
