function low(value: u32): u8 {
  return u8(value & 0x7f);
}

export function main(): void {
  const wide: u32 = 300;
  let small: u8 = 0;
  small = wide & 0xff;
  small += u8(wide - 290);
  small++;
  const array = new Uint8Array(2);
  array[0] = wide >>> 24;
  assert(low(wide) === 44);
}
