export function format(): void {
  print(utf8("    7\n"));
}
