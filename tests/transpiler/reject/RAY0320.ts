class Slot {
  view: Bytes = utf8("");
}

const slot = new Slot();

function clear(bytes: Bytes): void {
  bytes.fill(0); // error: RAY0320
}

function first(bytes: Bytes): Uint8Array {
  return span(bytes, 0, 1);
}

export function main(): void {
  const text = utf8("constant");
  text.setU8(0, 67); // error: RAY0320
  clear(text.slice(1, 3));
  slot.view = utf8("kept");
  slot.view.copyFrom(text.slice(0, 4)); // error: RAY0320
  first(text)[0] = 1; // error: RAY0320
}
