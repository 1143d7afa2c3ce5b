function three(visit: (index: u32) => void): void {
  visit(1);
  visit(2);
  visit(3);
}

// prettier-ignore
export function main(): void { // error: RAY0417
  let total: u32 = 0;
  three((a) => {
    three((b) => {
      three((c) => {
        three((d) => {
          three((e) => (total += u8(a) * u8(b) * u8(c) * u8(d) * u8(e)));
        });
      });
    });
  });
  assert(total === 7776);
}
