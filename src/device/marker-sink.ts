/**
 * MarkerSink: where a marker goes. The program's main fulfils it with the serial console and the log together, so that
 * every marker is said once and is found in both.
 */

export interface MarkerSink {
  /** Takes one marker: a line without its end, valid during the call. */
  emit(line: Bytes): void;
}
