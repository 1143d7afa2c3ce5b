function twice(value: u16) { // error: RAY0410
  return value * 2;
}

class Node {
  clear() { // error: RAY0410
    assert(twice(2) === 4);
  }
}

export function main(): void {
  const node = new Node();
  node.clear();
}
