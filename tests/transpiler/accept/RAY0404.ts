export function main(): void {
  let i: u32 = 0;
  for (let round: u32 = 0; round < 3; round++) {
    switch (i) {
      case 0:
      case 1:
        i = 4;
        break;
      case 4: {
        i = 9;
        continue;
      }
      default:
        if (i > 3) return;
        else break;
    }
  }
}
