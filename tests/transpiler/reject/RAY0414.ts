type Step = (value: u32) => u32;

class Machine {
  base: u32 = 1;
  step: Step = (value) => value;

  keep(by: u32): void {
    this.step = (value) => value + by; // error: RAY0414
    this.step = (value) => value + this.base; // error: RAY0414
  }
}

const machine = new Machine();

export function main(): void {
  const by: u32 = 2;
  const step: Step = (value) => value + by; // error: RAY0414
  machine.keep(step(1));
}
