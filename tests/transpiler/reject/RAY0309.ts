const HEADER = layout(16, {
  magic: le32(0),
  size: le64(8), // error: RAY0309
});

const OVERLAP = layout(10, {
  magic: le32(0),
  size: le64(2), // error: RAY0309
});

export function main(): void {
  assert(HEADER.byteLength > OVERLAP.byteLength);
}
