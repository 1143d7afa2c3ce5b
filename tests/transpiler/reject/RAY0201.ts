function low(value: u32): u8 {
  return value + 0; // error: RAY0201
}

function store(wide: u32): u8 {
  let small: u8 = 0;
  small += wide; // error: RAY0201
  small = wide + 1; // error: RAY0201
  const array = new Uint8Array(2);
  array[0] = wide & 0x1ff; // error: RAY0201
  return small;
}

export function main(): void {
  assert(low(3) === store(3));
}
