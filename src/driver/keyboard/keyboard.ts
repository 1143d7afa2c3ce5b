/**
 * Ps2Keyboard: the keyboard behind an i8042 controller, or behind the firmware's imitation of one for USB keyboards.
 *
 * Owns the two ports. `start` brings the controller into a known state step by step, each with a deadline, and gives up
 * where nobody answers: a machine without a keyboard has the serial line. Keys are polled, some hundred times a second;
 * the controller keeps one byte and the keyboard sixteen, so nothing is lost between two looks.
 *
 * The controller translates the keyboard's own set 2 into set 1 (IBM's AT reference manual, "keyboard controller"), which
 * every keyboard and every imitation gets right; `ps2-keys.ts` makes characters of it.
 */
import { Clock } from "../../device/clock.ts";
import { Console } from "../../device/console.ts";
import { Ps2Keys } from "../../format/ps2-keys.ts";
import { portRead8, portWrite8 } from "../../machine/intrinsics.ts";
import { Wait } from "../wait.ts";

const DATA_PORT = 0x60;
const STATUS_PORT = 0x64;
const COMMAND_PORT = 0x64;

/** Status: a byte waits for us; the last one is not taken yet; the byte is the mouse's. */
const OUTPUT_FULL = 0x01;
const INPUT_FULL = 0x02;
const FROM_MOUSE = 0x20;
/** What an absent controller reads as. */
const NO_CONTROLLER = 0xff;

const READ_CONFIGURATION = 0x20;
const WRITE_CONFIGURATION = 0x60;
const DISABLE_MOUSE = 0xa7;
const DISABLE_KEYBOARD = 0xad;
const ENABLE_KEYBOARD = 0xae;

/** Configuration: no interrupts, keyboard clock on, mouse clock off, translation to set 1. */
const CONFIGURATION_KEPT = 0x04;
const CONFIGURATION_WANTED = 0x60;

const SET_LIGHTS = 0xed;
const ENABLE_SCANNING = 0xf4;
const RESET_DEFAULTS = 0xf6;
const ACKNOWLEDGED = 0xfa;
const RESEND = 0xfe;
const LIGHT_CAPS_LOCK = 0x04;

const CONTROLLER_TIMEOUT_MS = 50;
const KEYBOARD_TIMEOUT_MS = 200;
/** Bytes that may wait at once; more than the keyboard and the controller hold. */
const DRAIN_LIMIT = 32;

export class Ps2Keyboard implements Console {
  private isPresent: boolean = false;
  private isCapsLightOn: boolean = false;
  private readonly keys = new Ps2Keys();
  private readonly wait = new Wait();

  /** Takes the keyboard; false where there is none. */
  start(clock: Clock): boolean {
    this.wait.useClock(clock);
    if (portRead8(STATUS_PORT) === NO_CONTROLLER) return false;
    // 1. Silence, and what was typed into the firmware is gone.
    if (!this.command(DISABLE_KEYBOARD) || !this.command(DISABLE_MOUSE)) return false;
    this.drain();
    // 2. The controller's configuration.
    if (!this.command(READ_CONFIGURATION)) return false;
    const before = this.receive(CONTROLLER_TIMEOUT_MS);
    if (before < 0) return false;
    if (!this.command(WRITE_CONFIGURATION)) return false;
    if (!this.send((before & CONFIGURATION_KEPT) | CONFIGURATION_WANTED)) return false;
    if (!this.command(ENABLE_KEYBOARD)) return false;
    // 3. The keyboard itself: no light, default rate, and it may speak.
    this.isPresent = this.tell(RESET_DEFAULTS) && this.tell(ENABLE_SCANNING);
    return this.isPresent;
  }

  /** A keyboard shows nothing: text is for the console's other parts. */
  write(_text: Bytes): void {}

  /** The next byte that was typed, or -1. */
  poll(): i16 {
    if (!this.isPresent) return -1;
    this.takeWaiting();
    if (this.keys.isCapsLockOn() !== this.isCapsLightOn) this.showCapsLock();
    return this.keys.poll();
  }

  private takeWaiting(): void {
    for (let taken: u8 = 0; taken < DRAIN_LIMIT; taken++) {
      const status = portRead8(STATUS_PORT);
      if ((status & OUTPUT_FULL) === 0 || status === NO_CONTROLLER) return;
      const byte = portRead8(DATA_PORT);
      if ((status & FROM_MOUSE) === 0 && byte !== ACKNOWLEDGED && byte !== RESEND) this.keys.take(byte);
    }
  }

  /** A keyboard that does not answer keeps its light as it is. */
  private showCapsLock(): void {
    this.isCapsLightOn = this.keys.isCapsLockOn();
    if (this.tell(SET_LIGHTS)) this.tell(this.isCapsLightOn ? LIGHT_CAPS_LOCK : 0);
  }

  /** Tells the keyboard something, and whether it acknowledged. Keys that are pressed meanwhile are not lost. */
  private tell(byte: u8): boolean {
    if (!this.send(byte)) return false;
    for (let received: u8 = 0; received < DRAIN_LIMIT; received++) {
      const answer = this.receive(KEYBOARD_TIMEOUT_MS);
      if (answer < 0 || answer === RESEND) return false;
      if (answer === ACKNOWLEDGED) return true;
      this.keys.take(answer & 0xff);
    }
    return false;
  }

  private command(byte: u8): boolean {
    if (!this.awaitSpace()) return false;
    portWrite8(COMMAND_PORT, byte);
    return true;
  }

  private send(byte: u8): boolean {
    if (!this.awaitSpace()) return false;
    portWrite8(DATA_PORT, byte);
    return true;
  }

  /** The controller has taken the byte before. */
  private awaitSpace(): boolean {
    this.wait.begin(CONTROLLER_TIMEOUT_MS);
    while (this.wait.goesOn()) {
      if ((portRead8(STATUS_PORT) & INPUT_FULL) === 0) return true;
      this.wait.rest(false);
    }
    return false;
  }

  /** The next byte, or -1 where none comes in time. */
  private receive(timeoutMs: u32): i16 {
    this.wait.begin(timeoutMs);
    while (this.wait.goesOn()) {
      if ((portRead8(STATUS_PORT) & OUTPUT_FULL) !== 0) return portRead8(DATA_PORT);
      this.wait.rest(false);
    }
    return -1;
  }

  private drain(): void {
    for (let i: u8 = 0; i < DRAIN_LIMIT; i++) {
      if ((portRead8(STATUS_PORT) & OUTPUT_FULL) === 0) return;
      portRead8(DATA_PORT);
    }
  }
}
