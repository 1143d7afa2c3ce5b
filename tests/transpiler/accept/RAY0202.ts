const LIMIT: u8 = 255;

export function main(): void {
  const below: i32 = -1;
  let wide: u64 = 0xffff_ffff_ffff_ffffn;
  wide = wide - 5n;
  assert(below < LIMIT && wide > 0n);
}
