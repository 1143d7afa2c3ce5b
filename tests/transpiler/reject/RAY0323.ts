class Word {
  kind: string = "word";
  readonly width = 4;
  value: u32 = 70000;
}

class Octet {
  kind: string = "octet";
  readonly width = 4;
  value: u8 = 200;
}

class Text {
  readonly kind = "text";
}

function first(value: Word | Octet): boolean { // error: RAY0323
  return value.width === 4;
}

function second(value: Octet | Text | null): boolean { // error: RAY0323
  return value === null;
}

export function main(): void {
  const word = new Word();
  const text = new Text();
  assert(first(word));
  assert(second(text));
}
