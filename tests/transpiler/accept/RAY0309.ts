const HEADER = layout(16, {
  magic: le32(0),
  reserved: octets(4, 4),
  size: le64(8),
});

export function main(): void {
  assert(HEADER.byteLength === 16 && HEADER.reserved.offset === 4 && HEADER.size.offset === 8);
}
