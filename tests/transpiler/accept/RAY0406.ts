function even(n: u32): boolean {
  let rest: u32 = n;
  while (rest > 1) rest -= 2;
  return rest === 0;
}

function odd(n: u32): boolean {
  return !even(n);
}

interface Device {
  read(at: u32): u32;
}

class Disk implements Device {
  read(at: u32): u32 {
    return at + 1;
  }
}

/** A device over a device: no cycle, for only disks are ever put below one. */
class Part implements Device {
  constructor(
    private readonly below: Device,
    private readonly from: u32,
  ) {}
  read(at: u32): u32 {
    return this.below.read(this.from + at);
  }
}

const disk = new Disk();
const part = new Part(disk, 10);

function ask(device: Device): u32 {
  return device.read(5);
}

function apply(n: u32, what: (n: u32) => boolean): boolean {
  return what(n);
}

export function main(): void {
  assert(ask(part) === 16 && ask(disk) === 6 && apply(4, even));
  assert(even(4) && odd(3));
}
