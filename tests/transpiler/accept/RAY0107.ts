export function main(): void {
  print(utf8("started\n"));
}
