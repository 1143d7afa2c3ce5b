import { Confirmation, ConfirmationStage, WORD_LENGTH } from "../../../src/policy/confirmation.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly confirmation = new Confirmation();
  readonly entropy = new Uint8Array(12);
  readonly word = new Uint8Array(WORD_LENGTH);
}

const scratch = new Scratch();

function begin(seed: u8): void {
  for (let i: u8 = 0; i < 12; i++) scratch.entropy[i] = (seed + i * 29) & 0xff;
  scratch.confirmation.begin(utf8("nvme0"), bytesOf(scratch.entropy));
}

function is(stage: ConfirmationStage): boolean {
  return scratch.confirmation.stage() === stage;
}

export function main(): void {
  const confirmation = scratch.confirmation;

  test("the name in full, then the word, and it is confirmed once");
  begin(1);
  confirmation.answer(utf8("  nvme0 "));
  isTrue(is(ConfirmationStage.word));
  bytesOf(scratch.word).copyFrom(confirmation.oneTimeWord());
  confirmation.answer(bytesOf(scratch.word));
  isTrue(is(ConfirmationStage.confirmed));
  isTrue(confirmation.take());
  isTrue(!confirmation.take());

  test("any other name is refused: shorter, longer, other case, nothing");
  begin(1);
  isTrue(confirmation.answer(utf8("nvme")) === ConfirmationStage.refused);
  begin(1);
  isTrue(confirmation.answer(utf8("nvme01")) === ConfirmationStage.refused);
  begin(1);
  isTrue(confirmation.answer(utf8("NVME0")) === ConfirmationStage.refused);
  begin(1);
  isTrue(confirmation.answer(utf8("")) === ConfirmationStage.refused);
  isTrue(!confirmation.take());

  test("the word of another attempt, the name again, and yes are all refused");
  begin(2);
  confirmation.answer(utf8("nvme0"));
  isTrue(!confirmation.oneTimeWord().equals(bytesOf(scratch.word)));
  isTrue(confirmation.answer(bytesOf(scratch.word)) === ConfirmationStage.refused);
  begin(2);
  confirmation.answer(utf8("nvme0"));
  isTrue(confirmation.answer(utf8("nvme0")) === ConfirmationStage.refused);
  begin(2);
  confirmation.answer(utf8("nvme0"));
  isTrue(confirmation.answer(utf8("yes")) === ConfirmationStage.refused);

  test("after a refusal nothing that is typed confirms");
  isTrue(confirmation.answer(utf8("nvme0")) === ConfirmationStage.refused);
  isTrue(!confirmation.take());

  test("a confirmed one that is answered again is spent");
  begin(3);
  confirmation.answer(utf8("nvme0"));
  bytesOf(scratch.word).copyFrom(confirmation.oneTimeWord());
  confirmation.answer(bytesOf(scratch.word));
  confirmation.answer(bytesOf(scratch.word));
  isTrue(!confirmation.take());

  test("the word has six letters that cannot be mistaken");
  let wrong: u32 = 0;
  for (let seed: u8 = 0; seed < 200; seed++) {
    begin(seed);
    confirmation.answer(utf8("nvme0"));
    const word = confirmation.oneTimeWord();
    for (let i: u32 = 0; i < WORD_LENGTH; i++) {
      const letter = word.u8(i);
      if (letter < 0x61 || letter > 0x7a || letter === 0x69 || letter === 0x6c || letter === 0x6f) wrong++;
    }
  }
  equal(wrong, 0);
}
