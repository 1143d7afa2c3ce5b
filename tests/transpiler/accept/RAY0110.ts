// The words @ts-ignore in a text or a longer comment silence nothing.
function twice(value: u32): u32 {
  return value + value;
}

export function main(): void {
  print(utf8("// @ts-ignore"));
  assert(twice(2) === 4);
}
