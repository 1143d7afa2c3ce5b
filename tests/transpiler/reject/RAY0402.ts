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
  let i: u32 = 0;
  const value = i++; // error: RAY0402
  const small = i as u8; // error: RAY0402
  const kind = typeof node; // error: RAY0402
  assert(kind === "object");
  const empty = void 0; // error: RAY0402
  assert(empty !== null);
  const step: (value: u32) => u32 = same; // error: RAY0402
  const other: (value: u32) => u32 = Plain.same; // error: RAY0402
  assert(step(1) + other(1) === 2);
  const list = [1, 2]; // error: RAY0307
  assert(list[0] === small && node instanceof Node); // error: RAY0402
  assert(value === 0);
}
