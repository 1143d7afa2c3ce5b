class Node {
  value: u32 = 0;
  next: Node | null = null;
}

const node = new Node();

class Plain {
  uses: u32 = 0;
  static same<T>(value: T): T {
    return value;
  }
}

function isBefore(left: string, right: string): boolean {
  return left < right; // error: RAY0402
}

function isLess(left: Bytes, right: Bytes): boolean {
  return left === right; // error: RAY0402
}

function same<T>(value: T): T {
  return value;
}

export function main(): void {
  const step: (value: u32) => u32 = same; // error: RAY0402
  const other: (value: u32) => u32 = Plain.same; // error: RAY0402
  assert(step(1) + other(1) === 2 && node instanceof Node); // error: RAY0402
}
