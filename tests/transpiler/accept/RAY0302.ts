class Node {
  value: u32 = 0;
}

class Holder {
  readonly first = new Node();
  readonly nodes = fixedArray(4, () => new Node());
  chosen: Node | null = null;
}

const holder = new Holder();
const alone = new Node();

export function main(): void {
  alone.value = 5;
  copy(holder.first, alone);
  copy(holder.nodes[1], alone);
  holder.chosen = alone;
  assert(holder.first.value === 5 && holder.nodes[1].value === 5);
}
