// The checked tree: what the front end and the lowering make of a program, and what both back ends print.
//
// It speaks of JavaScript's meaning, not of C: an integer expression is exact and carries its interval, a check is a node of
// its own (`narrow`, `index`, `nonNull`), and the order of effects is the order of statements. Printers add nothing to it.

import type { Interval } from "./interval.ts";

export type IntName = "u8" | "u16" | "u32" | "i8" | "i16" | "i32";
export type BigName = "u64" | "i64";

export type Type =
  | { readonly kind: "int"; readonly name: IntName | "number" }
  | { readonly kind: "big"; readonly name: BigName | "bigint" }
  | { readonly kind: "boolean" | "void" | "never" | "string" | "bytes" }
  | { readonly kind: "enum"; readonly declaration: EnumDeclaration }
  /** Pointer and length: a typed array, or a `readonly T[]`. */
  | { readonly kind: "view"; readonly element: Type; readonly constant: boolean }
  /** `FixedArray<T, N>`: a pointer to `length` elements; structs stand in place when `embedded`. */
  | { readonly kind: "array"; readonly element: Type; readonly length: number; readonly embedded: boolean }
  | { readonly kind: "reference"; readonly struct: StructDeclaration; readonly nullable: boolean }
  | { readonly kind: "interface"; readonly declaration: InterfaceDeclaration; readonly nullable: boolean }
  /** A reference to one of several classes. `members`: those that it may be here, in the declaration's order. */
  | {
      readonly kind: "union";
      readonly declaration: UnionDeclaration;
      readonly members: readonly StructDeclaration[];
      readonly nullable: boolean;
    }
  | { readonly kind: "function"; readonly parameters: readonly Type[]; readonly result: Type }
  | { readonly kind: "result"; readonly value: Type; readonly error: Type }
  /** The type of `null` before it is stored somewhere. */
  | { readonly kind: "null" }
  /** Of what was refused: nothing that follows from it is reported again. */
  | { readonly kind: "broken" };

export interface EnumDeclaration {
  readonly symbol: string;
  readonly module: Module;
  readonly members: readonly { readonly name: string; readonly value: bigint }[];
  /** Of a union of literals, what each member is in the source; `null` for a const enum. */
  readonly literals: readonly (string | bigint)[] | null;
}

/** What a field or a variable holds in place, beside plain values. */
export type Storage =
  | { readonly kind: "value" }
  | { readonly kind: "struct"; readonly struct: StructDeclaration }
  | {
      readonly kind: "elements";
      readonly element: Type;
      readonly length: number;
      readonly struct: StructDeclaration | null;
    };

export interface Field {
  readonly name: string;
  readonly type: Type;
  /** Nothing but its constructor assigns it. */
  readonly readonly: boolean;
  readonly storage: Storage;
  /** Evaluated by the constructor, in order of declaration; `null` where a parameter property sets it. */
  initial: Expression | null;
  /** The constructor's own assignment, after all initialisers. */
  parameter: Local | null;
  readonly line: number;
}

export interface StructDeclaration {
  readonly symbol: string;
  /** How many types stand within each other in its type arguments. */
  readonly depth: number;
  readonly module: Module;
  readonly fields: Field[];
  /** Readonly fields of a literal type: each is this constant, and takes no place. */
  readonly literals: Map<string, Expression & { kind: "constant" }>;
  readonly constructorParameters: Local[];
  /** By parameter: the constant that stands for it where 'new' says none. */
  readonly constructorDefaults: Map<Local, Expression>;
  /** Statements of the constructor's body: plain assignments to fields of `self`. */
  readonly constructorBody: Statement[];
  self: Local | null;
  /** With those that these extend; each once. */
  readonly implemented: InterfaceDeclaration[];
  readonly methods: Map<string, FunctionInstance>;
  readonly comment: string;
  readonly line: number;
}

export interface InterfaceDeclaration {
  readonly symbol: string;
  /** As a diagnostic names it: `Store<u32>`. */
  readonly name: string;
  /** As of structs. */
  readonly depth: number;
  readonly module: Module;
  /** Those of what it extends stand first. */
  readonly methods: InterfaceMethod[];
  /** All interfaces that it extends, directly or not. */
  readonly extended: InterfaceDeclaration[];
}

export interface InterfaceMethod {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
}

/** Classes that a readonly field of a literal type tells apart. One set of classes is one union, however it is spelled. */
export interface UnionDeclaration {
  readonly symbol: string;
  /** As a diagnostic names it. */
  readonly name: string;
  readonly module: Module;
  readonly members: readonly StructDeclaration[];
  /** Known once they were asked for. The first tells every two members apart: it stands beside the reference. */
  discriminants: readonly Discriminant[] | null;
}

/** A field of which each member has one value for ever. */
export interface Discriminant {
  readonly name: string;
  readonly enumeration: EnumDeclaration;
  readonly values: ReadonlyMap<StructDeclaration, bigint>;
}

export interface Local {
  readonly name: string;
  readonly type: Type;
  readonly storage: Storage;
  /** Never assigned after its declaration. */
  readonly stable: boolean;
  /** What its value lies in: that of the type, or of the initialiser of a `const`. */
  readonly interval: Interval | null;
  /** As of expressions: that of the type, or of the initialiser that a `const` without a type names. */
  readonly wide: Interval | null;
  /** Counted up or down somewhere: C keeps it in 64 bits, in which clang sees that it cannot wrap. */
  readonly counts?: boolean;
}

export interface Global {
  symbol: string;
  readonly module: Module;
  readonly type: Type;
  readonly storage: Storage;
  readonly constant: boolean;
  readonly initial: Expression;
  readonly comment: string;
  readonly line: number;
}

export interface FunctionInstance {
  symbol: string;
  /** As a diagnostic names it: `Ring<u8>.push`. */
  readonly name: string;
  readonly module: Module;
  /** The struct whose method this is: its first parameter is `self`. */
  readonly owner: StructDeclaration | null;
  readonly parameters: Local[];
  /** By parameter: the constant that stands for it where a call says none. */
  readonly defaults: Map<Local, Expression>;
  readonly result: Type;
  body: Statement[] | null;
  /** Under its own name, which C that is written by hand may call; methods never are. */
  readonly exported: boolean;
  readonly comment: string;
  readonly line: number;
}

export interface Module {
  /** Path from the root, as traps and `#line` name it. */
  readonly file: string;
  /** `format_gpt` for `src/format/gpt.ts`. */
  readonly name: string;
  readonly enums: EnumDeclaration[];
  readonly unions: UnionDeclaration[];
  readonly structs: StructDeclaration[];
  readonly interfaces: InterfaceDeclaration[];
  readonly globals: Global[];
  readonly functions: FunctionInstance[];
  readonly comment: string;
}

export interface Program {
  readonly modules: readonly Module[];
  readonly entry: FunctionInstance | null;
}

/** Exact arithmetic, in the domain of the operands' type. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>" | "**";
/** JavaScript's operators on 32-bit integers. */
export type BitOperator = "&" | "|" | "^" | "<<" | ">>" | ">>>";
export type CompareOperator = "<" | "<=" | ">" | ">=" | "===" | "!==";

/** What every expression carries; `interval` and `wide` for integers only. */
interface Common {
  readonly type: Type;
  /** Where its value lies. */
  readonly interval: Interval | null;
  /** The join of the declared types of its leaves: what an implicit check may narrow from. `null`: literals only. */
  readonly wide: Interval | null;
}

export type Expression = Common &
  (
    | {
        readonly kind: "constant";
        readonly value: bigint | boolean | string | null;
        readonly name: Global | EnumMember | null;
      }
    | { readonly kind: "local"; readonly local: Local }
    | { readonly kind: "global"; readonly global: Global }
    | { readonly kind: "function"; readonly instance: FunctionInstance }
    | { readonly kind: "field"; readonly object: Expression; readonly field: Field }
    | {
        readonly kind: "index";
        readonly object: Expression;
        readonly index: Expression;
        readonly proven: boolean;
      }
    | { readonly kind: "length"; readonly object: Expression }
    | {
        readonly kind: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "bits";
        readonly operator: BitOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "negate" | "complement" | "not" | "absolute" | "leadingZeros";
        readonly operand: Expression;
      }
    | {
        readonly kind: "minimum" | "maximum" | "multiplyLow";
        readonly left: Expression;
        readonly right: Expression;
      }
    /** The lowest `bits` bits, as a signed or unsigned integer. */
    | { readonly kind: "wrap"; readonly bits: number; readonly signed: boolean; readonly operand: Expression }
    /** `BigInt(x)` and a proven `Number(x)`: the same integer. */
    | { readonly kind: "widen"; readonly operand: Expression }
    /** Traps `range` where the operand lies outside `to`. */
    | { readonly kind: "narrow"; readonly operand: Expression; readonly to: Interval }
    | {
        readonly kind: "compare";
        readonly operator: CompareOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: "choose";
        readonly condition: Expression;
        readonly whenTrue: Expression;
        readonly whenFalse: Expression;
      }
    | {
        readonly kind: "call";
        readonly instance: FunctionInstance;
        readonly parameters: readonly Expression[];
      }
    | {
        readonly kind: "dispatch";
        readonly object: Expression;
        readonly method: string;
        readonly parameters: readonly Expression[];
      }
    | { readonly kind: "callValue"; readonly callee: Expression; readonly parameters: readonly Expression[] }
    /** A function of the run-time library: `bytes_u32le`, `span`, `string_equals`, … */
    | {
        readonly kind: "library";
        readonly name: string;
        readonly parameters: readonly Expression[];
        readonly traps: boolean;
        readonly effects: boolean;
      }
    | { readonly kind: "nonNull"; readonly operand: Expression }
    | { readonly kind: "toInterface"; readonly operand: Expression }
    /** A reference to one class as a reference to one of several. */
    | { readonly kind: "toUnion"; readonly operand: Expression }
    /** What a union refers to, where it is known of which class that is. */
    | { readonly kind: "asMember"; readonly operand: Expression }
    /** A discriminant of what a union refers to. */
    | { readonly kind: "tag"; readonly operand: Expression; readonly discriminant: Discriminant }
    | { readonly kind: "success"; readonly value: Expression | null }
    | { readonly kind: "failure"; readonly error: Expression }
    | { readonly kind: "resultPart"; readonly operand: Expression; readonly part: "ok" | "value" | "error" }
    /** A new instance or array: only as the initial value of storage. */
    | {
        readonly kind: "construct";
        readonly struct: StructDeclaration;
        readonly parameters: readonly Expression[];
      }
    | {
        readonly kind: "elements";
        readonly element: Type;
        readonly length: number;
        readonly make: Expression | null;
      }
    /** A constant table: `[a, b, c]` at module level. */
    | { readonly kind: "table"; readonly element: Type; readonly values: readonly Expression[] }
  );

export interface EnumMember {
  readonly enumeration: EnumDeclaration;
  readonly member: string;
}

export type Statement =
  | {
      readonly kind: "declare";
      readonly line: number;
      readonly local: Local;
      readonly value: Expression | null;
    }
  | {
      readonly kind: "assign";
      readonly line: number;
      readonly target: Expression;
      readonly value: Expression;
    }
  | { readonly kind: "evaluate"; readonly line: number; readonly value: Expression }
  | {
      readonly kind: "if";
      readonly line: number;
      readonly condition: Expression;
      readonly whenTrue: Statement[];
      readonly whenFalse: Statement[];
    }
  /** `before` and `condition` run ahead of each round, `after` behind it, also after `continue`. */
  | {
      readonly kind: "loop";
      readonly line: number;
      readonly before: Statement[];
      readonly condition: Expression | null;
      readonly after: Statement[];
      readonly body: Statement[];
      /** Where a `continue` of this label goes on. */
      label?: string;
    }
  | {
      readonly kind: "doWhile";
      readonly line: number;
      readonly body: Statement[];
      readonly before: Statement[];
      readonly condition: Expression;
      label?: string;
    }
  | {
      readonly kind: "switch";
      readonly line: number;
      readonly value: Expression;
      readonly cases: readonly SwitchCase[];
    }
  | { readonly kind: "return"; readonly line: number; readonly value: Expression | null }
  /** Without a label: of the innermost loop or switch. */
  | { readonly kind: "break" | "continue"; readonly line: number; readonly label?: string }
  | {
      readonly kind: "block";
      readonly line: number;
      readonly body: Statement[];
      /** A `break` of this label leaves it. */
      readonly label?: string;
      /** Whose lines its statements are of, where it was put in from elsewhere. */
      readonly file?: string;
    }
  | { readonly kind: "trap"; readonly line: number; readonly trap: "unreachable"; readonly message: string }
  | {
      readonly kind: "assert";
      readonly line: number;
      readonly condition: Expression;
      readonly message: string;
    };

/** `values` empty: the default. */
export interface SwitchCase {
  readonly line: number;
  readonly values: readonly Expression[];
  readonly body: Statement[];
}
