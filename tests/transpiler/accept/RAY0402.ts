class Node {
  value: u32 = 0;
  next: Node | null = null;
}

const node = new Node();

class Plain {
  static same(value: u32): u32 {
    return value;
  }
}

function isBefore(left: u32, right: u32): boolean {
  return left < right;
}

function isEqual(left: Bytes, right: Bytes): boolean {
  return left.equals(right);
}

export function main(): void {
  const step: (value: u32) => u32 = Plain.same;
  const next = node.next !== null ? node.next.value : 0;
  assert(step(1) === 1 && isBefore(next, 1));
  assert(isEqual(utf8("a"), utf8("a")));
}
