/** A machine without UEFI is told so, on the screen and on the serial line, instead of hanging silently. */
import { t } from "tap";
import { ANSWER_DEADLINE_MS, Stage } from "./support/stage.ts";

void t.test("the image on a legacy BIOS", async (test) => {
  const stage = new Stage("legacy-bios");
  test.teardown(() => stage.strike());
  const machine = stage.start("bios", { variables: "none", stick: stage.image });
  await machine.waitFor("Switch UEFI boot on in the firmware setup", ANSWER_DEADLINE_MS);
  test.match(machine.transcript, "RayOS starts by UEFI", "the serial line says what is wrong and what to do");
});
