export function main(): void {
  let i: u32 = 0;
  switch (i) {
    case 0: // error: RAY0404 TS7029
      i = 4;
    case 1:
      i++;
      break;
    default:
      break;
  }
}
