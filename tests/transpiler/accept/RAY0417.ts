function three(visit: (index: u32) => void): void {
  visit(1);
  visit(2);
  visit(3);
}

function inner(a: u32, b: u32): u32 {
  let total: u32 = 0;
  three((c) => {
    three((d) => (total += u8(a) * u8(b) * u8(c) * u8(d)));
  });
  return total;
}

export function main(): void {
  let total: u32 = 0;
  three((a) => {
    three((b) => (total += inner(a, b)));
  });
  assert(total === 1296);
}
