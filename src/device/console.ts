/** Console: where text goes and where characters come from (serial line, screen, keyboard, or several at once). */

export interface Console {
  /** Writes UTF-8 bytes. A line ends with `\n`; the console adds what its device needs. */
  write(text: Bytes): void;
  /** The next byte that was typed, or -1 where there is none. Keys without a character arrive as ANSI sequences. */
  poll(): i16;
}
