class Slot {
  view: Bytes = utf8("");
}

const slot = new Slot();
const room = new Uint8Array(8);

export function main(): void {
  const text = utf8("constant");
  const own = bytesOf(room);
  own.copyFrom(text);
  own.setU8(0, 67);
  // An empty text has nothing that could be written to: it stands for "none yet".
  slot.view = own;
  slot.view.setU8(1, 79);
  assert(own.u8(1) === 79 && text.u8(1) === 111);
}
