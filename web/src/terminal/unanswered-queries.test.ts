import { Terminal } from "@xterm/xterm";
import { describe, expect, it } from "vitest";
import { leaveUnanswered } from "./unanswered-queries.js";

/** What xterm.js answers to an output; it needs no page for that. */
async function answersTo(output: string, isReplay: boolean): Promise<string> {
  const terminal = new Terminal();
  leaveUnanswered(terminal, () => isReplay);
  let answers = "";
  terminal.onData((data) => {
    answers += data;
  });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  terminal.dispose();
  return answers;
}

const QUERIES = {
  "device attributes": "\x1b[c",
  "secondary device attributes": "\x1b[>c",
  "the device's status": "\x1b[5n",
  "where the cursor is": "\x1b[6n",
  "where the cursor is, in DEC's form": "\x1b[?6n",
  "whether a mode is set": "\x1b[4$p",
  "whether a private mode is set": "\x1b[?25$p",
  "a setting": "\x1bP$qm\x1b\\",
};

describe.each(Object.entries(QUERIES))("a query for %s", (_, query) => {
  it("is answered", async () => {
    expect(await answersTo(query, false)).not.toBe("");
  });

  it("is not answered a second time", async () => {
    expect(await answersTo(query, true)).toBe("");
  });
});

it("leaves what is no query as it is", async () => {
  const terminal = new Terminal();
  leaveUnanswered(terminal, () => true);
  await new Promise<void>((resolve) => terminal.write("a \x1b[31mred\x1b[0m word", resolve));
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe("a red word");
});
