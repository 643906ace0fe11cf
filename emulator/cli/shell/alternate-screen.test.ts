import { expect, it } from "vitest";
import { AlternateScreen } from "./alternate-screen.js";

const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[?1049l";

it.each<[string[], boolean]>([
  [["text"], false],
  [[`a${ENTER}b`], true],
  [[`${ENTER}b${LEAVE}`], false],
  [[ENTER, "text", LEAVE], false],
  [[LEAVE, ENTER], true],
  // A sequence may come in pieces.
  [["a\x1b[?10", "49hb"], true],
  [[...ENTER, ..."a long text behind it"], true],
])("follows %j", (outputs, active) => {
  const screen = new AlternateScreen();
  for (const output of outputs) screen.shown(new TextEncoder().encode(output));
  expect(screen.active).toBe(active);
});
