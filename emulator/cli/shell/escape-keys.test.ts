import { describe, expect, it } from "vitest";
import { EscapeKeys, type KeyAction } from "./escape-keys.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a person does, as text, with what they type joined. */
function actions(...inputs: string[]): string[] {
  const keys = new EscapeKeys();
  const name = (action: KeyAction): string =>
    action.kind === "type" ? `type ${new TextDecoder().decode(action.bytes)}` : action.kind;
  return inputs.flatMap((input) => keys.read(bytes(input)).map(name));
}

describe("EscapeKeys", () => {
  it("hands every other key to the guest, Ctrl-C too", () => {
    expect(actions("ls\r\x03é")).toEqual(["type ls\r\x03é"]);
  });

  it("takes the escape key and the one behind it", () => {
    expect(actions("a\x1dqb")).toEqual(["type a", "quit", "type b"]);
    expect(actions("\x1dr", "\x1dc", "\x1d?")).toEqual(["rescue", "checkpoint", "help"]);
  });

  it("waits for the key behind it", () => {
    expect(actions("a\x1d", "q")).toEqual(["type a", "quit"]);
  });

  it("types the escape key when it comes twice", () => {
    expect(actions("\x1d\x1dq")).toEqual(["type \x1dq"]);
  });

  it("helps with every other key, which the guest does not get", () => {
    expect(actions("\x1dx", "y")).toEqual(["help", "type y"]);
  });
});
