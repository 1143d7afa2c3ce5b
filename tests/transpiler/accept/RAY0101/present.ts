export function value(): void {
  print(utf8("present\n"));
}
