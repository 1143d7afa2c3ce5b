const START = 0;

const HEADER = layout(START + 8, {
  magic: le32(START),
  size: le32(4),
});

export function main(): void {
  const storage = new Uint8Array(HEADER.byteLength);
  const record = bytesOf(storage);
  HEADER.size.set(record, 5);
  assert(HEADER.size.get(record) === 5);
}
