function area(width: u32, height: u32): u32 {
  return Math.imul(width, height) >>> 0;
}

function exactArea(width: u16, height: u32): u64 {
  return BigInt(width * height);
}

export function main(): void {
  assert(area(0xffffffff, 4) === 0xfffffffc);
  assert(exactArea(65535, 0xffffffff) === 281470681677825n);
}
