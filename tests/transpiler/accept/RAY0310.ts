const HEADER = layout(12, {
  magic: le32(0),
  size: le64(4),
});

export function main(): void {
  assert(HEADER.byteLength === 12);
}
