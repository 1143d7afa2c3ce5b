import {
  bootMarkerFailureCount,
  bootmgrBootAttempt,
  bootmgrDiscovered,
  bootSelect,
  installerDiskDetected,
  installerInstallFailed,
  MARKER_BYTES,
  presentationSurfaceCreate,
  rollback,
  updateErr,
  watchdogKick,
} from "../../../src/base/markers.ts";
import { TextWriter } from "../../../src/base/text-writer.ts";
import { isTrue, test } from "../harness.ts";

class Line {
  readonly storage = new Uint8Array(MARKER_BYTES);
}

const line = new Line();

function is(out: TextWriter, expected: string): void {
  isTrue(out.written().equals(utf8(expected)));
  isTrue(!out.truncated());
  out.clear();
}

export function main(): void {
  const out = new TextWriter(bytesOf(line.storage));

  test("markers read as the specification spells them");
  presentationSurfaceCreate(out, 3, 1024, 768);
  is(out, "RAYOS_PRESENTATION:SURFACE_CREATE:3:1024x768");
  installerDiskDetected(out, utf8("nvme0"), 4294967296n);
  is(out, "RAYOS_INSTALLER:DISK_DETECTED:nvme0:4294967296");
  bootmgrDiscovered(out, 2);
  is(out, "RAYOS_BOOTMGR:DISCOVERED:2_installations");
  bootmgrBootAttempt(out, 1, 3);
  is(out, "RAYOS_BOOTMGR:BOOT_ATTEMPT:1/3");
  watchdogKick(out, 18446744073709551615n);
  is(out, "RAYOS_WATCHDOG:KICK:18446744073709551615");
  bootMarkerFailureCount(out, 3);
  is(out, "RAYOS_BOOT_MARKER:FAILURE_COUNT:3");
  bootSelect(out, utf8("release-4"), utf8("default"));
  is(out, "RAYOS_BOOT_SELECT:release-4:default");
  rollback(out, 7, 5, utf8("user"));
  is(out, "RAYOS_ROLLBACK:7:5:user");

  test("a part from outside cannot break out of its marker");
  installerInstallFailed(out, utf8("disk: gone\r\nRAYOS_READY"));
  is(out, "RAYOS_INSTALLER:INSTALL_FAILED:disk--gone--RAYOS-READY");
  updateErr(out, utf8(""), utf8("v1.2/3"));
  is(out, "RAYOS_UPDATE_ERR:-:v1.2/3");

  test("a part from outside is cut off at 64 bytes");
  installerInstallFailed(out, utf8("0123456789012345678901234567890123456789012345678901234567890123456789"));
  is(out, "RAYOS_INSTALLER:INSTALL_FAILED:0123456789012345678901234567890123456789012345678901234567890123");
}
