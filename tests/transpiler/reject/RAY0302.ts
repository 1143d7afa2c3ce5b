class Node {
  value: u32 = 0;
}

class Holder {
  first = new Node();
  readonly nodes = fixedArray(4, () => new Node());
}

const holder = new Holder();
const alone = new Node();

export function main(): void {
  holder.first = alone; // error: RAY0302
  holder.nodes[1] = alone; // error: RAY0302
}
