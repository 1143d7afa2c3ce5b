const enum Kind {
  file = 1,
  folder,
}

function ofNumber(value: u32): u32 {
  switch (value) {
    case 1:
      return 10;
    case 2:
    case 3:
      return 20;
    default:
      return 30;
  }
}

function ofText(text: string): boolean {
  switch (text) {
    case "yes":
    case "Yes":
      return true;
    default:
      return false;
  }
}

function ofKind(kind: Kind): u32 {
  switch (kind) {
    case Kind.file:
      return 1;
    case Kind.folder:
      return 3;
  }
}

export function main(): void {
  assert(ofNumber(1) === 10 && ofText("Yes") && ofKind(Kind.folder) === 3);
}
