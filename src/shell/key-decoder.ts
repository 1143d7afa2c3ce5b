/**
 * KeyDecoder: bytes from a serial line or a keyboard → keys.
 *
 * Understands what terminals send for arrows, Home, End and Delete (ANSI and xterm forms), control keys, Alt with a letter,
 * and all three line ends: `\r`, `\n`, `\r\n`. A sequence that means nothing here is swallowed whole; a byte that is
 * neither text nor a key is `noise`, which the line editor counts. Called by the line editor for every byte.
 */

export const enum Key {
  /** Nothing yet: part of a sequence, or a sequence without a meaning. */
  none = 0,
  /** A printable character; `KeyDecoder.character` says which. */
  character = 1,
  enter = 2,
  backspace = 3,
  deleteForward = 4,
  left = 5,
  right = 6,
  up = 7,
  down = 8,
  home = 9,
  end = 10,
  wordLeft = 11,
  wordRight = 12,
  killToEnd = 13,
  killToStart = 14,
  killWord = 15,
  complete = 16,
  clearScreen = 17,
  interrupt = 18,
  noise = 19,
}

const enum DecoderState {
  ground = 0,
  /** After ESC. */
  escape = 1,
  /** After ESC [. */
  sequence = 2,
  /** After ESC O. */
  single = 3,
}

const ESCAPE = 0x1b;
const RETURN = 0x0d;
const NEWLINE = 0x0a;
/** No sequence that a terminal sends is longer. */
const SEQUENCE_LIMIT = 16;
/** xterm's modifiers that make an arrow walk by words: Alt and Ctrl. */
const MODIFIER_ALT = 3;
const MODIFIER_CTRL = 5;

export class KeyDecoder {
  private state: DecoderState = DecoderState.ground;
  private afterReturn: boolean = false;
  private typed: u8 = 0;
  private sequenceBytes: u8 = 0;
  /** The first and the last number of a sequence: `ESC [ 1 ; 5 C`. */
  private first: u16 = 0;
  private number: u16 = 0;
  private inFirst: boolean = true;

  /** The character behind the last `Key.character`: 0x20 to 0x7e. */
  character(): u8 {
    return this.typed;
  }

  /** Takes the next byte and says which key it completes. */
  take(byte: u8): Key {
    switch (this.state) {
      case DecoderState.ground:
        return this.ground(byte);
      case DecoderState.escape:
        return this.escape(byte);
      case DecoderState.sequence:
        return this.sequence(byte);
      case DecoderState.single:
        this.state = DecoderState.ground;
        return finalKey(byte, 0);
    }
  }

  private ground(byte: u8): Key {
    const secondHalf = this.afterReturn && byte === NEWLINE;
    this.afterReturn = byte === RETURN;
    if (secondHalf) return Key.none;
    if (byte >= 0x20 && byte < 0x7f) {
      this.typed = byte;
      return Key.character;
    }
    if (byte === ESCAPE) {
      this.state = DecoderState.escape;
      return Key.none;
    }
    return controlKey(byte);
  }

  private escape(byte: u8): Key {
    this.state = DecoderState.ground;
    switch (byte) {
      case 0x5b: // [
        this.state = DecoderState.sequence;
        this.sequenceBytes = 0;
        this.first = 0;
        this.number = 0;
        this.inFirst = true;
        return Key.none;
      case 0x4f: // O
        this.state = DecoderState.single;
        return Key.none;
      case 0x62: // b
        return Key.wordLeft;
      case 0x66: // f
        return Key.wordRight;
      case 0x7f:
        return Key.killWord;
      default:
        // ESC alone means nothing, so a control byte behind it (Enter, Ctrl-C) keeps its own meaning.
        return byte < 0x20 ? this.ground(byte) : Key.none;
    }
  }

  /** ECMA-48: parameters 0x30 to 0x3f, intermediates 0x20 to 0x2f, one final byte 0x40 to 0x7e. */
  private sequence(byte: u8): Key {
    this.sequenceBytes++;
    if (byte >= 0x20 && byte < 0x40 && this.sequenceBytes < SEQUENCE_LIMIT) {
      this.parameter(byte);
      return Key.none;
    }
    this.state = DecoderState.ground;
    if (byte < 0x20) return this.ground(byte);
    if (byte < 0x40 || byte > 0x7e) return Key.noise;
    if (byte === 0x7e) return tildeKey(this.inFirst ? this.number : this.first);
    return finalKey(byte, this.inFirst ? 0 : this.number);
  }

  private parameter(byte: u8): void {
    if (byte === 0x3b) {
      if (this.inFirst) this.first = this.number;
      this.inFirst = false;
      this.number = 0;
    } else if (byte >= 0x30 && byte <= 0x39) {
      const longer = this.number * 10 + (byte - 0x30);
      this.number = u16(Math.min(longer, 999));
    }
  }
}

function controlKey(byte: u8): Key {
  switch (byte) {
    case 0x01: // Ctrl-A
      return Key.home;
    case 0x02:
      return Key.left;
    case 0x03:
      return Key.interrupt;
    case 0x04:
      return Key.deleteForward;
    case 0x05:
      return Key.end;
    case 0x06:
      return Key.right;
    case 0x08:
      return Key.backspace;
    case 0x09:
      return Key.complete;
    case NEWLINE:
    case RETURN:
      return Key.enter;
    case 0x0b:
      return Key.killToEnd;
    case 0x0c:
      return Key.clearScreen;
    case 0x0e:
      return Key.down;
    case 0x10:
      return Key.up;
    case 0x15:
      return Key.killToStart;
    case 0x17:
      return Key.killWord;
    case 0x7f:
      return Key.backspace;
    default:
      return Key.noise;
  }
}

/** The key of a sequence that ends in a letter. */
function finalKey(final: u8, modifier: u16): Key {
  const byWord = modifier === MODIFIER_ALT || modifier === MODIFIER_CTRL;
  switch (final) {
    case 0x41: // A
      return Key.up;
    case 0x42:
      return Key.down;
    case 0x43:
      return byWord ? Key.wordRight : Key.right;
    case 0x44:
      return byWord ? Key.wordLeft : Key.left;
    case 0x46: // F
      return Key.end;
    case 0x48: // H
      return Key.home;
    default:
      return Key.none;
  }
}

/** The key of a sequence `ESC [ number ~`. */
function tildeKey(number: u16): Key {
  switch (number) {
    case 1:
    case 7:
      return Key.home;
    case 3:
      return Key.deleteForward;
    case 4:
    case 8:
      return Key.end;
    default:
      return Key.none;
  }
}
