const enum Tag {
  byte = 1,
  word = 2,
}

class Word {
  readonly tag = Tag.word;
  value: u32 = 70000;
}

class Octet {
  readonly tag: Tag.byte = Tag.byte;
  value: u8 = 200;
}

type Value = Word | Octet;

const word = new Word();
const octet = new Octet();

function valueOf(value: Value): u32 {
  return value.tag === Tag.word ? value.value : value.value + 1;
}

export function main(): void {
  assert(valueOf(word) + valueOf(octet) === 70201);
}
