const enum Color {
  red,
  blue,
}

function paint(color: Color): void {
  assert(color === Color.red);
}

export function main(): void {
  paint(1); // error: RAY0208
  const count: u32 = 1;
  paint(count); // error: RAY0208
  let color: Color = Color.red;
  color = count & 1; // error: RAY0208
  paint(color);
}
