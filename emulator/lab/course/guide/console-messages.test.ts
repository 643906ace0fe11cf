import { describe, expect, it } from "vitest";
import { ConsoleMessages } from "./console-messages.js";

const LOADED = "[    2.454517] hello: loaded: read and write /dev/hello\r\n";
const OPENED = "[    2.935922] hello: opened by a.out (pid 42)\r\n";

function strip(chunks: Iterable<string>, messages = new ConsoleMessages()): string {
  const kept: string[] = [];
  const reader = { text: (text: string) => kept.push(text), message: () => undefined };
  for (const chunk of chunks) messages.push(chunk, reader);
  return kept.join("");
}

describe("the kernel's messages on a terminal", () => {
  it("are taken out of what they come into, wherever the chunks are cut", () => {
    const terminal = `$ ./a${LOADED}.out\r\nwrote 6 ${OPENED}bytes\r\n`;
    expect(strip([terminal])).toBe("$ ./a.out\r\nwrote 6 bytes\r\n");
    expect(strip(terminal)).toBe("$ ./a.out\r\nwrote 6 bytes\r\n");
  });

  it("stay where a program prints them again", () => {
    const messages = new ConsoleMessages();
    expect(strip([LOADED, OPENED], messages)).toBe("");
    expect(strip([LOADED + OPENED], messages)).toBe(LOADED + OPENED);
    expect(strip([`<6>${LOADED}`], messages)).toBe(`<6>${LOADED}`);
  });

  it("may share a microsecond", () => {
    const first = "[    1.000000] one\r\n";
    const second = "[    1.000000] two\r\n";
    const messages = new ConsoleMessages();
    expect(strip([first + second], messages)).toBe("");
    expect(strip([first + second], messages)).toBe(first + second);
  });

  it("come again after the guest went back", () => {
    const messages = new ConsoleMessages();
    strip([LOADED, OPENED], messages);
    messages.printedUpTo(2_454_517);
    expect(strip([OPENED], messages)).toBe("");
    expect(strip([LOADED], messages)).toBe(LOADED);
  });

  it("keep nothing else waiting", () => {
    const text = "[1] [ 2.5] [12 [a] \x1b[1;32m";
    expect(strip([text])).toBe(text);
    expect(strip(["array[", "0]"])).toBe("array[0]");
    expect(strip([`[    1.000000] ${"x".repeat(9000)}`])).toContain("xxx");
  });
});
