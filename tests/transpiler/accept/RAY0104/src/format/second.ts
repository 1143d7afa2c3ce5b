export function second(): void {
  print(utf8("second\n"));
}
