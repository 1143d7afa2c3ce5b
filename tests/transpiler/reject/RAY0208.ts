const enum Color {
  red,
  blue,
}

function paint(color: Color): void {
  assert(color === Color.red);
}

function total(values: readonly u32[]): u32 {
  return values.length;
}

class First {
  value: u8 = 1;
}

class Second {
  value: u8 = 1;
}

function take(first: First, second: Second): void {
  copy(first, second); // error: RAY0208
}

export function main(): void {
  const bytes = new Uint8Array(4);
  total(bytes); // error: RAY0208
  paint(1); // error: RAY0208
  const count: u32 = 1;
  paint(count); // error: RAY0208
  let color: Color = Color.red;
  color = count & 1; // error: RAY0208
  paint(color);
}
