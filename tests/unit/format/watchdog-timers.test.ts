/**
 * The chipset's timers: which functions have them, and that arming, reloading and ending write what the data sheets say, on registers that
 * behave as theirs do.
 */
import {
  armEsb,
  disarmEsb,
  esbCausedReset,
  EsbRegisters,
  isEsb,
  reloadEsb,
} from "../../../src/format/i6300esb.ts";
import {
  armTco,
  disarmTco,
  isTcoBridge,
  reloadTco,
  tcoCausedReset,
  tcoControlAddress,
  tcoFirstPort,
  TcoPorts,
} from "../../../src/format/tco.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

/** The TCO's ports: status bits are cleared by ones. */
class TestPorts implements TcoPorts {
  status1: u16 = 0;
  status2: u16 = 0;
  control: u16 = 0x0800;
  timer: u16 = 4;
  reloads: u32 = 0;
  /** The board holds the timer still. */
  isStuck: boolean = false;

  read16(register: u8): u16 {
    switch (register) {
      case 0x04:
        return this.status1;
      case 0x06:
        return this.status2;
      case 0x08:
        return this.control;
      case 0x12:
        return this.timer;
      default:
        return 0;
    }
  }

  write16(register: u8, value: u16): void {
    switch (register) {
      case 0x00:
        this.reloads++;
        break;
      case 0x04:
        this.status1 = this.status1 & ~value & 0xffff;
        break;
      case 0x06:
        this.status2 = this.status2 & ~value & 0xffff;
        break;
      case 0x08:
        if (!this.isStuck) this.control = value;
        break;
      case 0x12:
        this.timer = value;
        break;
      default:
        isTrue(false);
    }
  }
}

/** The 6300ESB's registers: a write counts only behind its two words. */
class TestRegisters implements EsbRegisters {
  timer1: u32 = 0;
  timer2: u32 = 0;
  timedOut: boolean = true;
  reloads: u32 = 0;
  lock: u8 = 0;
  configuration: u8 = 0;
  private unlocked: u8 = 0;

  read16(offset: u32): u16 {
    equal(offset, 0x0c);
    return this.timedOut ? 0x200 : 0;
  }

  write8(offset: u32, value: u8): void {
    equal(offset, 0x0c);
    if (value === 0x80) this.unlocked = 1;
    else if (value === 0x86 && this.unlocked === 1) this.unlocked = 2;
    else this.unlocked = 0;
  }

  write16(offset: u32, value: u16): void {
    equal(offset, 0x0c);
    if (!this.takeUnlock()) return;
    if ((value & 0x100) !== 0) this.reloads++;
    if ((value & 0x200) !== 0) this.timedOut = false;
  }

  write32(offset: u32, value: u32): void {
    if (!this.takeUnlock()) return;
    if (offset === 0) this.timer1 = value;
    else if (offset === 4) this.timer2 = value;
    else isTrue(false);
  }

  configure8(offset: u32, value: u8): void {
    if (offset === 0x60) this.configuration = value;
    else if (offset === 0x68) this.lock = value;
    else isTrue(false);
  }

  private takeUnlock(): boolean {
    const isOpen = this.unlocked === 2;
    this.unlocked = 0;
    return isOpen;
  }
}

const ports = new TestPorts();
const registers = new TestRegisters();

export function main(): void {
  checkTcoPlace();
  checkTco();
  checkEsb();
}

function checkTcoPlace(): void {
  test("the bridges with a TCO timer are known by their ids, others are not");
  isTrue(isTcoBridge(0x8086, 0x2918));
  isTrue(isTcoBridge(0x8086, 0x1e55));
  isTrue(!isTcoBridge(0x8086, 0x7000));
  isTrue(!isTcoBridge(0x8086, 0x2911));
  isTrue(!isTcoBridge(0x8086, 0x291a));
  isTrue(!isTcoBridge(0x1022, 0x2918));

  test("its places follow from the bridge's configuration, and are none where that turns them off");
  equal(tcoFirstPort(0x0601), 0x660);
  equal(tcoFirstPort(0x0001), 0);
  equalBig(tcoControlAddress(0xfed1_c001), 0xfed1_f410n);
  equalBig(tcoControlAddress(0xfed1_c000), 0n);
}

function checkTco(): void {
  test("TCO: armed, it runs towards the second expiry, and has forgotten the last one");
  ports.status1 = 0x08;
  ports.status2 = 0x06;
  isTrue(tcoCausedReset(ports));
  isTrue(armTco(ports, 30_600));
  isTrue(!tcoCausedReset(ports));
  equal(ports.status1, 0);
  equal(ports.control & 0x0800, 0);
  equal(ports.reloads, 1);
  // Two expiries of 0.6 s a tick: not before the time-out, and less than 2 s behind it.
  isTrue(ports.timer * 1200 >= 30_600 && ports.timer * 1200 < 32_000);

  test("TCO: a reload forgets an expiry, ending it halts it");
  ports.status1 = 0x08;
  reloadTco(ports);
  equal(ports.status1, 0);
  equal(ports.reloads, 2);
  disarmTco(ports);
  equal(ports.control & 0x0800, 0x0800);

  test("TCO: longer than it counts, or held still by the board, is no arming");
  isTrue(!armTco(ports, 1_300_000));
  equal(ports.control & 0x0800, 0x0800);
  ports.isStuck = true;
  isTrue(!armTco(ports, 30_600));
}

function checkEsb(): void {
  test("6300ESB: armed, both of its stages together are the time-out");
  isTrue(isEsb(0x8086, 0x25ab));
  isTrue(!isEsb(0x8086, 0x25ac));
  isTrue(esbCausedReset(registers));
  isTrue(armEsb(registers, 30_600));
  isTrue(!esbCausedReset(registers));
  equal(registers.timer1, registers.timer2);
  // A step is 0.993 ms.
  isTrue(registers.timer1 * 2 * 993 >= 30_590_000 && registers.timer1 * 2 * 993 < 32_000_000);
  equal(registers.reloads, 1);
  equal(registers.lock, 0x02);
  equal(registers.configuration, 0x03);

  test("6300ESB: a reload is unlocked, ending it turns it off, too long is refused");
  reloadEsb(registers);
  equal(registers.reloads, 2);
  disarmEsb(registers);
  equal(registers.lock, 0);
  isTrue(!armEsb(registers, 0x7fff_ffff));
}
