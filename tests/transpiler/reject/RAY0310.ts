const HEADER = layout(16, { // error: RAY0310
  magic: le32(0),
  size: le64(4),
});

export function main(): void {
  assert(HEADER.byteLength === 16);
}
