const SIZE = 4;
const DOUBLE = SIZE * 2;

class Holder {
  readonly bytes = new Uint8Array(DOUBLE);
  readonly words = fixedArray<u16, 4>(SIZE, () => 0);
}

export function main(): void {
  const holder = new Holder();
  let size: u32 = holder.bytes.length;
  switch (size) {
    case DOUBLE:
      size = 1;
      break;
    default:
      break;
  }
  assert(holder.words.length > size);
}
