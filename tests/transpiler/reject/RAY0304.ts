let size: u32 = 4;

class Holder {
  readonly bytes = new Uint8Array(size); // error: RAY0304
  readonly words = fixedArray<u16, 4>(size, () => 0); // error: RAY0304 TS2345
}

const enum Kind {
  first = size, // error: RAY0304 TS2474
}

export function main(): void {
  const holder = new Holder();
  size = holder.bytes.length;
  switch (size) {
    case size + 1: // error: RAY0304
      break;
    default:
      break;
  }
  assert(holder.words.length > Kind.first);
}
