// Slices: of all declarations of a program those that one module needs, so that a change elsewhere leaves its header, and
// with it its object, as they are.
//
// What a module needs is found by the names in its C. From there it goes on through the declarations: what they hold in
// place is needed in full; what they point to is needed in full only where the module may follow the pointer, which takes
// the name of a field, or of a function that returns it. Too much is harmless. Too little does not compile.

import type {
  InterfaceDeclaration,
  Module,
  Program,
  StructDeclaration,
  Type,
  UnionDeclaration,
} from "../../tree.ts";
import { constructorOf, derivedName, KEYS, symbolOf, tableName, type Piece } from "./header.ts";
import { isAscii } from "../../c-words.ts";
import { baseSlot, cName, constantName } from "./expressions.ts";
import { Remembered } from "./remembered.ts";

/** Makes the headers of all modules of a program. */
export class Slicer {
  /** By identifier: takes what it names into a slice. */
  private readonly named = new Map<string, (slice: Slice) => void>();
  /** Where the pieces of a key stand. */
  private readonly places = new Map<string, number[]>();

  constructor(
    program: Program,
    private readonly pieces: readonly Piece[],
  ) {
    mentioned.begin();
    for (const [place, piece] of pieces.entries()) {
      this.places.set(piece.key, [...(this.places.get(piece.key) ?? []), place]);
      const identifier = piece.key.split(" ")[1]!;
      if (!this.named.has(identifier)) this.named.set(identifier, (slice) => slice.take(piece.key));
    }
    for (const module of program.modules) this.nameModule(module);
  }

  /** What a module declares itself, and what `text`, its C, needs of others. */
  sliceFor(module: Module, text: string): Piece[] {
    const { identifiers, members } = mentioned.of(module.name, text);
    const slice = new Slice(members);
    const own = [
      ...module.enums.map((one) => one.symbol),
      ...module.unions.map((one) => one.symbol),
      ...module.interfaces.map((one) => `${one.symbol}_table`),
      ...module.structs.flatMap((struct) => [struct.symbol, constructorOf(struct)]),
      ...module.globals.map(constantName),
      ...module.functions.map(symbolOf),
    ];
    for (const name of [...own, ...identifiers]) this.named.get(name)?.(slice);
    return slice.chosen(this.places).map((place) => this.pieces[place]!);
  }

  private nameModule(module: Module): void {
    for (const one of module.enums) {
      for (const member of one.members)
        this.named.set(`${one.symbol}_${member.name}`, (slice) => slice.take(KEYS.name(one.symbol)));
    }
    for (const one of module.unions) this.named.set(one.symbol, (slice) => slice.union(one));
    for (const one of module.interfaces) {
      this.named.set(one.symbol, (slice) => slice.interface(one, true));
      this.named.set(`${one.symbol}_table`, (slice) => slice.table(one));
    }
    for (const struct of module.structs) this.nameStruct(struct);
    for (const global of module.globals) {
      this.named.set(constantName(global), (slice) => {
        slice.take(KEYS.value(constantName(global)));
        slice.type(global.type, true);
        if (global.storage.kind === "struct") slice.struct(global.storage.struct);
        if (global.storage.kind === "elements") slice.type(global.storage.element, true);
      });
    }
    for (const instance of module.functions) {
      this.named.set(symbolOf(instance), (slice) => {
        slice.take(KEYS.value(symbolOf(instance)));
        slice.type(instance.result, true);
        for (const local of instance.parameters) slice.type(local.type, false);
      });
    }
  }

  private nameStruct(struct: StructDeclaration): void {
    this.named.set(struct.symbol, (slice) => slice.struct(struct));
    this.named.set(constructorOf(struct), (slice) => {
      slice.take(KEYS.value(constructorOf(struct)));
      slice.take(KEYS.name(struct.symbol));
      for (const local of struct.constructorParameters) slice.type(local.type, false);
    });
    for (const one of struct.implemented) {
      this.named.set(tableName(struct, one), (slice) => {
        slice.take(KEYS.value(tableName(struct, one)));
        slice.interface(one, false);
      });
    }
  }
}

/** The declarations that one module needs, as they are found. */
class Slice {
  private readonly keys = new Set<string>();
  /** Types that were followed, by what they are called. */
  private readonly followed = new Set<string>();

  constructor(private readonly members: ReadonlySet<string>) {}

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** The places of all that was taken, in their order. */
  chosen(places: ReadonlyMap<string, readonly number[]>): number[] {
    return [...this.keys].flatMap((key) => places.get(key) ?? []).sort((a, b) => a - b);
  }

  take(key: string): void {
    this.keys.add(key);
  }

  /** A value of this type; `follow`: the module may look at what it points to. */
  type(type: Type, follow: boolean): void {
    const derived = derivedName(type);
    if (derived !== null) {
      const step = `${derived} ${follow}`;
      if (this.followed.has(step)) return;
      this.followed.add(step);
      this.take(KEYS.name(derived));
    }
    if (type.kind === "enum") this.take(KEYS.name(type.declaration.symbol));
    else if (type.kind === "union") this.union(type.declaration);
    else if (type.kind === "interface") this.interface(type.declaration, follow);
    else if (type.kind === "view" || type.kind === "array") this.type(type.element, follow);
    else if (type.kind === "reference") {
      if (follow) this.struct(type.struct);
      else this.take(KEYS.name(type.struct.symbol));
    } else if (type.kind === "result") {
      this.type(type.value, follow);
      this.type(type.error, follow);
    } else if (type.kind === "function") {
      for (const parameter of type.parameters) this.type(parameter, false);
      this.type(type.result, follow);
    }
  }

  struct(struct: StructDeclaration): void {
    if (this.has(KEYS.full(struct.symbol))) return;
    this.take(KEYS.name(struct.symbol));
    this.take(KEYS.full(struct.symbol));
    for (const { name, type, storage } of struct.fields) {
      if (storage.kind === "struct") this.struct(storage.struct);
      else if (storage.kind === "elements") {
        if (storage.struct !== null) this.struct(storage.struct);
        else this.type(storage.element, this.members.has(cName(name)));
      } else this.type(type, this.members.has(cName(name)));
    }
  }

  /** Whoever looks at what it refers to names the class. */
  union(one: UnionDeclaration): void {
    this.take(KEYS.name(one.symbol));
    this.take(KEYS.name(one.discriminants![0]!.enumeration.symbol));
  }

  /** `follow`: its functions may be called. */
  interface(one: InterfaceDeclaration, follow: boolean): void {
    this.take(KEYS.name(one.symbol));
    const slots = [...one.methods.map(({ name }) => cName(name)), ...one.extended.map(baseSlot)];
    if (follow && slots.some((name) => this.members.has(name))) this.table(one);
  }

  table(one: InterfaceDeclaration): void {
    if (this.has(KEYS.full(one.symbol))) return;
    this.take(KEYS.name(one.symbol));
    this.take(KEYS.full(one.symbol));
    for (const base of one.extended) this.take(KEYS.name(base.symbol));
    for (const method of one.methods) {
      for (const parameter of method.parameters) this.type(parameter, false);
      this.type(method.result, this.members.has(cName(method.name)));
    }
  }
}

/** Comments, texts and `#line`: no names stand there. */
const WITHOUT_NAMES = /\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|^#line.*$/gm;

/** Members and names, where all is ASCII, and where it is not: TypeScript and C take any letters, and looking for them takes longer. */
const PLAIN = [/(?:\.|->)\s*([A-Za-z_]\w*)/g, /[A-Za-z_]\w*/g] as const;
const WIDE = [
  /(?:\.|->)\s*([\p{ID_Start}_]\p{ID_Continue}*)/gu,
  /[\p{ID_Start}_]\p{ID_Continue}*/gu,
] as const;

interface Mentioned {
  readonly identifiers: ReadonlySet<string>;
  /** What stands behind `.` or `->`: the fields that a module looks at. */
  readonly members: ReadonlySet<string>;
}

const mentioned = new Remembered((text): Mentioned => {
  const names = text.replace(WITHOUT_NAMES, " ");
  const [member, identifier] = isAscii(names) ? PLAIN : WIDE;
  const members = [...names.matchAll(member)].map((match) => match[1]!);
  return { identifiers: new Set(names.match(identifier) ?? []), members: new Set(members) };
});
