const enum Color {
  red,
  blue,
}

function paint(color: Color): u32 {
  return color === Color.red ? 1 : color;
}

function colorOf(value: u32): Color {
  return value === 1 ? Color.blue : Color.red;
}

export function main(): void {
  assert(paint(colorOf(1)) + paint(Color.red) === 2);
  assert(BigInt(paint(Color.blue)) === 1n);
}
