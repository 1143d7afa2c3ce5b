export function main(): void {
  const count: u32 = 3;
  const text = `${count} disks`; // error: RAY0313
  print(utf8(`${count}`)); // error: RAY0313
  assert(text === "");
}
