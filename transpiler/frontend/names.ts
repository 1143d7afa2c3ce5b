// Names: what the identifiers of a program stand for, as TypeScript's checker says, each asked for once.
//
// A name that a module declares itself, and a name of the library, mean the same in every program that has the very same file
// of the module and the same library: a kept file has kept symbols. Those are remembered from one round to the next, with the file.
// Where an import leads, and what the type of something else decides, as of a member, is found out again.

import { ts } from "ts-morph";

/** The questions that the lowering asks of TypeScript's checker: one, about names. Types are worked out from the tree. */
export interface Names {
  /** What an identifier stands for, through imports; `null` where nothing is known. */
  symbolOf(node: ts.Node): ts.Symbol | null;
}

type Symbols = Map<ts.Node, ts.Symbol>;

/** What outlives a program. */
export class LastingNames {
  private library: readonly ts.SourceFile[] = [];
  private files = new WeakMap<ts.SourceFile, Symbols>();

  /** Begins anew with another library. */
  open(library: readonly ts.SourceFile[]): void {
    const isSame =
      library.length === this.library.length && library.every((file, index) => file === this.library[index]);
    if (!isSame) this.files = new WeakMap();
    this.library = library;
  }

  of(file: ts.SourceFile): Symbols {
    const symbols = this.files.get(file) ?? new Map<ts.Node, ts.Symbol>();
    this.files.set(file, symbols);
    return symbols;
  }
}

/** Found by the type of what stands before them. */
const MEMBERS = ts.SymbolFlags.ClassMember | ts.SymbolFlags.EnumMember;

export class KnownNames implements Names {
  private readonly known = new Map<ts.Node, ts.Symbol | null>();
  private readonly files: ReadonlySet<ts.SourceFile>;

  /** The program's modules and the library. What a package declares stands for nothing. */
  constructor(
    private readonly checker: ts.TypeChecker,
    modules: readonly ts.SourceFile[],
    private readonly library: readonly ts.SourceFile[],
    private readonly lasting: LastingNames,
  ) {
    this.files = new Set([...modules, ...library]);
    lasting.open(library);
  }

  symbolOf(node: ts.Node): ts.Symbol | null {
    const known = this.known.get(node);
    if (known !== undefined) return known;
    const symbol = this.resolve(node);
    this.known.set(node, symbol);
    return symbol;
  }

  private resolve(node: ts.Node): ts.Symbol | null {
    const found = this.named(node);
    if (found === undefined) return null;
    const isAlias = (found.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? this.checker.getAliasedSymbol(found) : found;
    const home = homeOf(symbol);
    return home === undefined || this.files.has(home) ? symbol : null;
  }

  /** Of what is imported the name that the module gives it. */
  private named(node: ts.Node): ts.Symbol | undefined {
    const file = node.getSourceFile();
    const lasting = this.lasting.of(file);
    const known = lasting.get(node);
    if (known !== undefined) return known;
    const found = this.checker.getSymbolAtLocation(node);
    if (found === undefined || (found.flags & MEMBERS) !== 0) return found;
    const home = homeOf(found);
    if (home === file || (home !== undefined && this.library.includes(home))) lasting.set(node, found);
    return found;
  }
}

function homeOf(symbol: ts.Symbol): ts.SourceFile | undefined {
  return symbol.declarations?.[0]?.getSourceFile();
}
