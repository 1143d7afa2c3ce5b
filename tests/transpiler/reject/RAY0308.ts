let start: u32 = 0;

const HEADER = layout(8, {
  magic: le32(start), // error: RAY0308
  size: le32(4), // error: RAY0309
});

const PAIR = layout(8, { // error: RAY0310
  left: le32(0),
  right: "text", // error: RAY0308
});

export function main(): void {
  start = HEADER.byteLength;
  assert(PAIR.byteLength === start);
}
