// The globals of the subset in Node: what `ray.d.ts` declares, defined. Import it before anything of `src/`.
// Checked JavaScript (rayc's second back end) brings its own; this one serves sources that run in Node as they are.

/** What a trap is in JavaScript: `kind` is one of range, index, null, assert, unreachable, divide. */
export class RayTrap extends Error {
  constructor(
    readonly kind: string,
    detail: string,
  ) {
    super(`${kind}: ${detail}`);
  }
}

function trap(kind: string, detail: string): never {
  throw new RayTrap(kind, detail);
}

function integer(name: string, low: number, high: number): (value: number) => number {
  return (value) =>
    Number.isInteger(value) && value >= low && value <= high
      ? value
      : trap("range", `${value} is no ${name}`);
}

function wide(name: string, low: bigint, high: bigint): (value: bigint) => bigint {
  return (value) => (value >= low && value <= high ? value : trap("range", `${value} is no ${name}`));
}

class Bytes {
  private readonly view: DataView;
  readonly length: number;

  constructor(readonly array: Uint8Array) {
    this.view = new DataView(array.buffer, array.byteOffset, array.byteLength);
    this.length = array.length;
  }

  private at(at: number, width: number): number {
    return Number.isInteger(at) && at >= 0 && at + width <= this.length
      ? at
      : trap("index", `${at}..${at + width} of ${this.length} bytes`);
  }

  u8 = (at: number) => this.view.getUint8(this.at(at, 1));
  u16le = (at: number) => this.view.getUint16(this.at(at, 2), true);
  u32le = (at: number) => this.view.getUint32(this.at(at, 4), true);
  u64le = (at: number) => this.view.getBigUint64(this.at(at, 8), true);
  u16be = (at: number) => this.view.getUint16(this.at(at, 2), false);
  u32be = (at: number) => this.view.getUint32(this.at(at, 4), false);
  u64be = (at: number) => this.view.getBigUint64(this.at(at, 8), false);
  setU8 = (at: number, value: number) => this.view.setUint8(this.at(at, 1), toU8(value));
  setU16le = (at: number, value: number) => this.view.setUint16(this.at(at, 2), toU16(value), true);
  setU32le = (at: number, value: number) => this.view.setUint32(this.at(at, 4), toU32(value), true);
  setU64le = (at: number, value: bigint) => this.view.setBigUint64(this.at(at, 8), toU64(value), true);
  setU16be = (at: number, value: number) => this.view.setUint16(this.at(at, 2), toU16(value), false);
  setU32be = (at: number, value: number) => this.view.setUint32(this.at(at, 4), toU32(value), false);
  setU64be = (at: number, value: bigint) => this.view.setBigUint64(this.at(at, 8), toU64(value), false);

  slice(from: number, length: number): Bytes {
    return new Bytes(this.array.subarray(this.at(from, length), from + length));
  }
  fill(value: number): void {
    this.array.fill(toU8(value));
  }
  copyFrom(source: Bytes): void {
    if (source.length !== this.length) trap("index", `${source.length} bytes into ${this.length}`);
    this.array.set(source.array);
  }
  [Symbol.iterator](): IterableIterator<number> {
    return this.array[Symbol.iterator]();
  }
  equals(other: Bytes): boolean {
    if (other.length !== this.length) return false;
    for (let i = 0; i < this.length; i++) if (this.array[i] !== other.array[i]) return false;
    return true;
  }
}

const toU8 = integer("u8", 0, 0xff);
const toU16 = integer("u16", 0, 0xffff);
const toU32 = integer("u32", 0, 0xffff_ffff);
const toU64 = wide("u64", 0n, 0xffff_ffff_ffff_ffffn);

type Accessor = { offset: number; byteLength: number };

function scalar(width: number, read: string, write: string): (offset: number) => Accessor {
  return (offset) => ({
    offset,
    byteLength: width,
    get: (record: Record<string, (at: number) => unknown>) =>
      record[record instanceof Bytes ? read : `read${width * 8}`]!(offset),
    set: (record: Record<string, (at: number, value: unknown) => void>, value: unknown) =>
      record[record instanceof Bytes ? write : `write${width * 8}`]!(offset, value),
  });
}

function layout(byteLength: number, fields: Record<string, Accessor>): unknown {
  let end = 0;
  for (const [name, field] of Object.entries(fields)) {
    if (field.offset !== end) throw new Error(`layout: ${name} stands at ${field.offset}, expected ${end}`);
    end += field.byteLength;
  }
  if (end !== byteLength) throw new Error(`layout: the fields end at ${end}, expected ${byteLength}`);
  // A field may be called byteLength: then the name is its own.
  return { byteLength, ...fields };
}

Object.assign(globalThis, {
  Bytes,
  u8: toU8,
  u16: toU16,
  u32: toU32,
  u64: toU64,
  i8: integer("i8", -0x80, 0x7f),
  i16: integer("i16", -0x8000, 0x7fff),
  i32: integer("i32", -0x8000_0000, 0x7fff_ffff),
  i64: wide("i64", -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn),
  assert: (condition: boolean, message = "") => condition || trap("assert", message),
  unreachable: (message = "") => trap("unreachable", message),
  ok: (value: unknown) => ({ ok: true, value }),
  err: (error: unknown) => ({ ok: false, error }),
  fixedArray: (length: number, make: () => unknown) => Object.seal(Array.from({ length }, make)),
  copy: (target: object, source: object) => copyFields(target, source),
  bytesOf: (array: Uint8Array) => new Bytes(array),
  utf8: (text: string) => new Bytes(new TextEncoder().encode(text)),
  span: (source: Bytes, from: number, length: number) => source.slice(from, length).array,
  print: (text: Bytes) => process.stdout.write(text.array),
  layout,
  at8: scalar(1, "u8", "setU8"),
  le16: scalar(2, "u16le", "setU16le"),
  le32: scalar(4, "u32le", "setU32le"),
  le64: scalar(8, "u64le", "setU64le"),
  be16: scalar(2, "u16be", "setU16be"),
  be32: scalar(4, "u32be", "setU32be"),
  be64: scalar(8, "u64be", "setU64be"),
  octets: (offset: number, byteLength: number) => ({
    offset,
    byteLength,
    of: (record: Bytes) => record.slice(offset, byteLength),
  }),
});

/** Embedded structs and arrays keep their place and are copied field by field; a reference is copied as one. */
function copyFields(target: object, source: object): void {
  for (const name of Object.keys(source)) {
    const from = Reflect.get(source, name);
    const to = Reflect.get(target, name);
    if (ArrayBuffer.isView(from)) (to as Uint8Array).set(from as Uint8Array);
    else if (Array.isArray(from)) copyFields(to, from);
    else Reflect.set(target, name, from);
  }
}
