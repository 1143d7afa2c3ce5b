/** What is used of the package pngjs, which brings no types of its own. */
declare module "pngjs" {
  export class PNG {
    constructor(options: { width: number; height: number });
    readonly width: number;
    readonly height: number;
    /** Four bytes a pixel: red, green, blue, alpha. */
    readonly data: Buffer;
    static readonly sync: { write(png: PNG): Buffer; read(file: Buffer): PNG };
  }
}
