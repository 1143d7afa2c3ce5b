const LIMIT: u8 = 256; // error: RAY0202

function isLarge(value: u8): boolean {
  switch (value) {
    case 300: // error: RAY0202
      return true;
    default:
      return false;
  }
}

const tooMany = new Uint8Array(4_294_967_296); // error: RAY0202

export function main(): void {
  const below: u32 = -1; // error: RAY0202
  let wide: u64 = 0x1_0000_0000_0000_0000n; // error: RAY0202
  wide = -5n; // error: RAY0202
  assert(below === LIMIT && wide === 0n);
}
