import { describe, expect, it } from "vitest";
import { styleFor } from "./terminal-style.js";

const terminal = { isTTY: true };
const pipe = {};
const PLAIN = "text";
const BOLD = "\x1b[1mtext\x1b[22m";

describe("styleFor", () => {
  it.each([
    ["a terminal", terminal, {}, BOLD],
    ["a pipe", pipe, {}, PLAIN],
    ["a terminal with NO_COLOR", terminal, { NO_COLOR: "1" }, PLAIN],
    ["a terminal with an empty NO_COLOR", terminal, { NO_COLOR: "" }, BOLD],
    ["a pipe with FORCE_COLOR", pipe, { FORCE_COLOR: "1" }, BOLD],
    ["a pipe with both", pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }, BOLD],
    ["a terminal with FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, PLAIN],
    ["a dumb terminal", terminal, { TERM: "dumb" }, PLAIN],
  ])("on %s", (_name, stream, env, expected) => {
    expect(styleFor(stream, env)("bold", "text")).toBe(expected);
  });
});
