export function main(): void {
  const name: string = "ray";
  assert(utf8(name).length === 3);
  assert(name !== "os" && utf8(name).u8(0) === 0x72);
}
