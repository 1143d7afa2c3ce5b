const DEVICE = layout(8, {
  status: le16(0),
  reserved0: octets(2, 2),
  control: le32(4),
});

class Block {
  private control: u32 = 0;

  read16(_offset: u32): u16 {
    return 1;
  }

  read32(_offset: u32): u32 {
    return this.control;
  }

  write32(_offset: u32, value: u32): void {
    this.control = value;
  }

  read8(_offset: u32): u8 {
    return 0;
  }

  read64(_offset: u32): u64 {
    return 0n;
  }

  write8(_offset: u32, _value: u8): void {}

  write16(_offset: u32, _value: u16): void {}

  write64(_offset: u32, _value: u64): void {}
}

const block = new Block();

export function main(): void {
  DEVICE.control.set(block, 7);
  assert(DEVICE.control.get(block) + DEVICE.status.get(block) === 8);
}
