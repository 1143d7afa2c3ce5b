/**
 * LineMarkerSink: markers that come while the shell has a line open (a progress bar): the line is ended first, so that a
 * marker is a line of its own on every console. Handed to services that emit markers on the shell's behalf.
 */
import { MarkerSink } from "../device/marker-sink.ts";
import { Output } from "./output.ts";

export class LineMarkerSink implements MarkerSink {
  constructor(
    private readonly out: Output,
    private readonly markers: MarkerSink,
  ) {}

  emit(line: Bytes): void {
    this.out.endLine();
    this.out.flush();
    this.markers.emit(line);
  }
}
