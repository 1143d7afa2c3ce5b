type Visit = (index: u32) => void;

let kept: Visit = (index) => assert(index < 9);

function keep(visit: Visit): void {
  kept = visit;
}

function call(visit: Visit): void {
  visit(1);
}

function choose(flag: boolean, visit: Visit): void {
  call(flag ? visit : kept);
}

export function main(): void {
  let total: u32 = 0;
  keep((index) => (total += index)); // error: RAY0416
  choose(true, (index) => (total += index)); // error: RAY0416
  assert(total === 1);
}
