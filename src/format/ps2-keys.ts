/**
 * Ps2Keys: scan codes of set 1 → the bytes that a terminal would send, for the US layout.
 *
 * A key sends its code when it goes down and code + 0x80 when it comes up; keys that the first keyboards did not have
 * send E0 before it, and Pause sends E1 with two codes. Characters arrive as ASCII, Enter as CR, Backspace as DEL, keys
 * without a character as ANSI sequences (xterm's), Alt with a key as ESC before it.
 *
 * Bytes wait in a ring until they are taken; when it is full, further keys are lost.
 */

const RING_BYTES = 64;
/** The longest sequence of one key. */
const SEQUENCE_LIMIT = 8;

const PREFIX_EXTENDED = 0xe0;
const PREFIX_PAUSE = 0xe1;
const RELEASED = 0x80;
const ESCAPE = 0x1b;

/** What stands in the tables where a key sends nothing by itself. */
const NO_KEY = 0x20;

const CONTROL = 0x1d;
const LEFT_SHIFT = 0x2a;
const RIGHT_SHIFT = 0x36;
const ALT = 0x38;
const SPACE_BAR = 0x39;
const CAPS_LOCK = 0x3a;
const FIRST_FUNCTION_KEY = 0x3b;
const LAST_FUNCTION_KEY = 0x44;
const FUNCTION_KEY_11 = 0x57;
const FUNCTION_KEY_12 = 0x58;
const FIRST_KEYPAD_KEY = 0x47;
const LAST_KEYPAD_KEY = 0x53;
const KEYPAD_STAR = 0x37;
const KEYPAD_SLASH = 0x35;
const ENTER = 0x1c;
/** The key between left shift and Z of keyboards with 102 keys. */
const KEY_102 = 0x56;

/** Characters of the codes 0x00 to 0x35; a blank where there is none. */
const PLAIN: string = "  1234567890-=\u007f\tqwertyuiop[]\r asdfghjkl;'` \\zxcvbnm,./";
const SHIFTED: string = '  !@#$%^&*()_+\u007f\tQWERTYUIOP{}\r ASDFGHJKL:"~ |ZXCVBNM<>?';
/** Characters of the codes 0x47 to 0x53. */
const KEYPAD: string = "789-456+1230.";
const ESCAPE_CODE = 0x01;

export class Ps2Keys {
  private readonly ring = new Uint8Array(RING_BYTES);
  private first: u8 = 0;
  private count: u8 = 0;
  private isExtended: boolean = false;
  /** Codes of Pause that are still to come. */
  private ignored: u8 = 0;
  private isLeftShiftDown: boolean = false;
  private isRightShiftDown: boolean = false;
  private isControlDown: boolean = false;
  private isAltDown: boolean = false;
  private isCapsLocked: boolean = false;

  /** Takes a byte of the keyboard. */
  take(code: u8): void {
    if (this.ignored > 0) {
      this.ignored--;
    } else if (code === PREFIX_EXTENDED) {
      this.isExtended = true;
    } else if (code === PREFIX_PAUSE) {
      this.ignored = 2;
    } else {
      const isExtended = this.isExtended;
      this.isExtended = false;
      this.takeKey(code & ~RELEASED & 0xff, isExtended, code < RELEASED);
    }
  }

  /** The next byte that was typed, or -1. */
  poll(): i16 {
    if (this.count === 0) return -1;
    const byte = this.ring[this.first];
    this.first = (this.first + 1) % RING_BYTES;
    this.count--;
    return byte;
  }

  isCapsLockOn(): boolean {
    return this.isCapsLocked;
  }

  private takeKey(key: u8, isExtended: boolean, isDown: boolean): void {
    switch (key) {
      case LEFT_SHIFT:
        // Some extended keys bring a shift of their own, which nobody pressed.
        if (!isExtended) this.isLeftShiftDown = isDown;
        break;
      case RIGHT_SHIFT:
        if (!isExtended) this.isRightShiftDown = isDown;
        break;
      case CONTROL:
        this.isControlDown = isDown;
        break;
      case ALT:
        this.isAltDown = isDown;
        break;
      case CAPS_LOCK:
        if (isDown) this.isCapsLocked = !this.isCapsLocked;
        break;
      default:
        if (isDown && isExtended) this.pressExtended(key);
        else if (isDown) this.press(key);
        break;
    }
  }

  /** Keys that came later: the second Enter and slash, and those that move. */
  private pressExtended(key: u8): void {
    if (key === ENTER) this.push(0x0d);
    else if (key === KEYPAD_SLASH) this.push(0x2f);
    else this.pushSequence(movementSequence(key));
  }

  private press(key: u8): void {
    if (key >= FIRST_FUNCTION_KEY && key <= LAST_FUNCTION_KEY)
      this.pushSequence(functionSequence(key - 0x3a));
    else if (key === FUNCTION_KEY_11) this.pushSequence(functionSequence(11));
    else if (key === FUNCTION_KEY_12) this.pushSequence(functionSequence(12));
    else this.pushCharacter(this.character(key));
  }

  /** The character of a key, or 0. */
  private character(key: u8): u8 {
    const isShifted = this.isLeftShiftDown || this.isRightShiftDown;
    if (key === ESCAPE_CODE) return ESCAPE;
    if (key === SPACE_BAR) return 0x20;
    if (key === KEYPAD_STAR) return 0x2a;
    if (key === KEY_102) return isShifted ? 0x7c : 0x5c;
    if (key >= FIRST_KEYPAD_KEY && key <= LAST_KEYPAD_KEY) return utf8(KEYPAD).u8(key - FIRST_KEYPAD_KEY);
    if (key >= utf8(PLAIN).length) return 0;
    const plain = utf8(PLAIN).u8(key);
    if (plain === NO_KEY) return 0;
    const isLetter = plain >= 0x61 && plain <= 0x7a;
    const isUpper = isLetter && this.isCapsLocked ? !isShifted : isShifted;
    return isUpper ? utf8(SHIFTED).u8(key) : plain;
  }

  /** With Ctrl the characters @ to _ and the letters become control characters; others lose it. */
  private pushCharacter(character: u8): void {
    if (character === 0) return;
    if (this.isAltDown) this.push(ESCAPE);
    const isControl = this.isControlDown && character >= 0x40 && character < 0x7f;
    this.push(isControl ? character & 0x1f : character);
  }

  private pushSequence(text: string): void {
    const bytes = utf8(text);
    assert(bytes.length <= SEQUENCE_LIMIT);
    if (this.count + bytes.length > RING_BYTES) return;
    for (const byte of span(bytes, 0, bytes.length)) this.push(byte);
  }

  private push(byte: u8): void {
    if (this.count >= RING_BYTES) return;
    this.ring[(this.first + this.count) % RING_BYTES] = byte;
    this.count++;
  }
}

/** Arrows and their neighbours; nothing for a key that has no sequence. */
function movementSequence(key: u8): string {
  switch (key) {
    case 0x47:
      return "\u001b[H";
    case 0x48:
      return "\u001b[A";
    case 0x49:
      return "\u001b[5~";
    case 0x4b:
      return "\u001b[D";
    case 0x4d:
      return "\u001b[C";
    case 0x4f:
      return "\u001b[F";
    case 0x50:
      return "\u001b[B";
    case 0x51:
      return "\u001b[6~";
    case 0x52:
      return "\u001b[2~";
    case 0x53:
      return "\u001b[3~";
    default:
      return "";
  }
}

/** F1 to F12. */
function functionSequence(number: u8): string {
  switch (number) {
    case 1:
      return "\u001bOP";
    case 2:
      return "\u001bOQ";
    case 3:
      return "\u001bOR";
    case 4:
      return "\u001bOS";
    case 5:
      return "\u001b[15~";
    case 6:
      return "\u001b[17~";
    case 7:
      return "\u001b[18~";
    case 8:
      return "\u001b[19~";
    case 9:
      return "\u001b[20~";
    case 10:
      return "\u001b[21~";
    case 11:
      return "\u001b[23~";
    case 12:
      return "\u001b[24~";
    default:
      return "";
  }
}
