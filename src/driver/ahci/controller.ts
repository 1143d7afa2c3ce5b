/**
 * AhciController: what the ports of one host bus adapter share (Serial ATA AHCI 1.3.1 specification).
 *
 * Owns the registers, the interrupt and the reset of all of it. A reset of the whole is the last means against a port that
 * does not stop; it takes the other ports' settings along, so it starts a new *generation*, by which each port notices
 * that it has to be set up again. An adapter that does not even obey that is taken off the bus, and stays dead.
 */
import { IoError } from "../../device/block-device.ts";
import { Clock } from "../../device/clock.ts";
import {
  AHCI_PORT_LIMIT,
  AHCI_REGISTERS,
  CAPABILITY2_HANDOFF,
  CAPABILITY_64_BIT,
  CAPABILITY_NCQ,
  CAPABILITY_STAGGERED_SPIN_UP,
  CONTROL_AHCI,
  CONTROL_INTERRUPTS,
  CONTROL_RESET,
  HANDOFF_FIRMWARE_OWNS,
  HANDOFF_WE_OWN,
  PORT_REGISTERS,
  portRegistersAt,
} from "../../format/ahci.ts";
import { claimVector } from "../../machine/interrupts.ts";
import { Mmio } from "../../machine/mmio.ts";
import { PciFunction } from "../../machine/pci.ts";
import { Wait } from "../wait.ts";

const REGISTER_BAR = 5;
/** What every register of an adapter that is gone reads as. */
const GONE = 0xffff_ffff;
/** Section 10.4.3: a reset is over within a second. */
const RESET_TIMEOUT_MS = 1_000;
/** Section 10.6.3: the firmware may ask for two seconds to finish what it does. */
const HANDOFF_TIMEOUT_MS = 2_000;

export class AhciController {
  readonly registers = new Mmio();
  private readonly wait = new Wait();
  private function: PciFunction | null = null;
  private capabilities: u32 = 0;
  private implemented: u32 = 0;
  private hasMessages: boolean = false;
  private currentGeneration: u32 = 0;
  private isAlive: boolean = false;

  /** Takes the adapter from the firmware, without disturbing its links (section 10.1.2). */
  start(pciFunction: PciFunction, clock: Clock): Result<void, IoError> {
    this.function = pciFunction;
    this.wait.useClock(clock);
    if (!pciFunction.mapBar(REGISTER_BAR, this.registers)) return err(IoError.device);
    if (this.registers.length() < AHCI_REGISTERS.byteLength) return err(IoError.device);
    this.capabilities = AHCI_REGISTERS.capabilities.get(this.registers);
    if (this.capabilities === GONE) return err(IoError.device);
    this.takeFromFirmware();
    AHCI_REGISTERS.globalControl.set(this.registers, CONTROL_AHCI);
    this.implemented = AHCI_REGISTERS.portsImplemented.get(this.registers);
    this.hasMessages = pciFunction.enableMessageInterrupt(claimVector());
    pciFunction.enableBusMaster();
    this.currentGeneration = 1;
    this.isAlive = true;
    this.enableInterrupts();
    return ok();
  }

  /** Whether there is a port of this number, with registers to it. */
  hasPort(index: u8): boolean {
    assert(index < AHCI_PORT_LIMIT);
    const end = portRegistersAt(index) + PORT_REGISTERS.byteLength;
    return ((this.implemented >>> index) & 1) !== 0 && end <= this.registers.length();
  }

  /** Commands that a port takes at once. */
  slotCount(): u8 {
    return ((this.capabilities >>> 8) & 0x1f) + 1;
  }

  hasQueuing(): boolean {
    return (this.capabilities & CAPABILITY_NCQ) !== 0;
  }

  /** Whether it reaches memory beyond 4 GiB. */
  hasWideAddresses(): boolean {
    return (this.capabilities & CAPABILITY_64_BIT) !== 0;
  }

  /** Whether a disk waits to be told before it spins up, and is not seen until then. */
  hasStaggeredSpinUp(): boolean {
    return (this.capabilities & CAPABILITY_STAGGERED_SPIN_UP) !== 0;
  }

  hasInterrupts(): boolean {
    return this.hasMessages;
  }

  /** It changes when all ports lose their settings; 0 once the adapter is dead. */
  generation(): u32 {
    return this.isAlive ? this.currentGeneration : 0;
  }

  /** The events of a port were seen: the next one raises an interrupt again. */
  acknowledge(port: u8): void {
    AHCI_REGISTERS.interruptStatus.set(this.registers, (1 << port) >>> 0);
  }

  /** Resets the adapter (section 10.4.3); one that does not obey is dead and off the bus. */
  reset(): void {
    this.currentGeneration++;
    AHCI_REGISTERS.globalControl.set(this.registers, (CONTROL_AHCI | CONTROL_RESET) >>> 0);
    this.wait.begin(RESET_TIMEOUT_MS);
    while (this.wait.goesOn()) {
      const control = AHCI_REGISTERS.globalControl.get(this.registers);
      if (control === GONE) break;
      if ((control & CONTROL_RESET) === 0) {
        AHCI_REGISTERS.globalControl.set(this.registers, CONTROL_AHCI);
        this.enableInterrupts();
        return;
      }
      this.wait.rest(false);
    }
    this.isAlive = false;
    this.ownFunction().disableBusMaster();
  }

  private enableInterrupts(): void {
    AHCI_REGISTERS.interruptStatus.set(this.registers, 0xffff_ffff);
    if (!this.hasMessages) return;
    AHCI_REGISTERS.globalControl.set(this.registers, (CONTROL_AHCI | CONTROL_INTERRUPTS) >>> 0);
  }

  /** Section 10.6.3. A firmware that does not let go is ignored, since it cannot run any more. */
  private takeFromFirmware(): void {
    if ((AHCI_REGISTERS.capabilities2.get(this.registers) & CAPABILITY2_HANDOFF) === 0) return;
    const handoff = AHCI_REGISTERS.handoffControl.get(this.registers);
    AHCI_REGISTERS.handoffControl.set(this.registers, (handoff | HANDOFF_WE_OWN) >>> 0);
    this.wait.begin(HANDOFF_TIMEOUT_MS);
    while (this.wait.goesOn()) {
      const owner = AHCI_REGISTERS.handoffControl.get(this.registers);
      if ((owner & HANDOFF_FIRMWARE_OWNS) === 0) return;
      this.wait.rest(false);
    }
  }

  private ownFunction(): PciFunction {
    const own = this.function;
    assert(own !== null);
    return own;
  }
}
