export function one(): void {
  print(utf8("one\n"));
}
