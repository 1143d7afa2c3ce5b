type Step = (value: u32, by: u32) => u32;

const BASE = 3;

class Machine {
  step: Step = (value) => value;

  keep(): void {
    this.step = (value, by) => value + by + BASE;
  }
}

const machine = new Machine();

export function main(): void {
  machine.keep();
  assert(machine.step(1, 2) === 6);
  const step: Step = (value, by) => {
    const sum = value + by;
    return sum;
  };
  assert(step(4, 5) === 9);
}
