// Names: how a module of checked JavaScript refers to what other modules export, and what it must import for that.

import type { Module } from "../../tree.ts";

/** The file that a module becomes. `main.mjs` is the one that starts the program. */
export function fileName(module: Module): string {
  return module.name === "main" ? "main_module.mjs" : `${module.name}.mjs`;
}

export class Names {
  /** The line of the statement at hand: the checks within it name this one. */
  line = 0;
  /** Whose line that is, where it is not the module's. */
  private file: string | null = null;
  private readonly imported = new Map<Module, Set<string>>();

  constructor(
    readonly module: Module,
    /** Whether integers are asked for the intervals that the compiler takes them to lie in. */
    readonly audits: boolean,
  ) {}

  /** `symbol`, which `owner` exports. */
  use(owner: Module, symbol: string): string {
    if (owner !== this.module) {
      const symbols = this.imported.get(owner) ?? new Set();
      this.imported.set(owner, symbols.add(symbol));
    }
    return symbol;
  }

  /** What a check is told of its place: the file's constant and the line. */
  here(): string {
    return `${this.file === null ? "$file" : JSON.stringify(this.file)}, ${this.line}`;
  }

  /** Lines that stand for those of another file. */
  within(file: string, work: () => void): void {
    const outer = this.file;
    this.file = file;
    work();
    this.file = outer;
  }

  /** The import declarations for everything used so far. */
  imports(): string[] {
    return [...this.imported].map(
      ([owner, symbols]) => `import { ${[...symbols].sort().join(", ")} } from "./${fileName(owner)}";`,
    );
  }
}
