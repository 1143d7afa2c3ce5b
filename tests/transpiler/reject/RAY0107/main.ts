export function start(): void { // error: RAY0107
  print(utf8("never\n"));
}
