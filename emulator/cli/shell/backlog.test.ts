import { describe, expect, it } from "vitest";
import { lastLine, withoutKernelMessages } from "./backlog.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("withoutKernelMessages", () => {
  it("leaves the greeting and the prompt of a booted guest", () => {
    const backlog =
      "[    0.000000] Linux version 6.1\r\n[   12.345678] Run /init as init process\r\n" +
      "Welcome\r\nstudent@kspace:~$ ";
    expect(text(withoutKernelMessages(bytes(backlog)))).toBe("Welcome\r\nstudent@kspace:~$ ");
  });

  it("also takes out a message that came behind the prompt", () => {
    const backlog = "Welcome\r\n$ [    2.183681] sh (28): drop_caches: 3\r\n";
    expect(text(withoutKernelMessages(bytes(backlog)))).toBe("Welcome\r\n$ ");
  });

  it("keeps every other byte", () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(withoutKernelMessages(all)).toEqual(all);
  });
});

describe("lastLine", () => {
  it("is what the cursor stands behind", () => {
    expect(text(lastLine(bytes("one\r\n$ tw")))).toBe("$ tw");
    expect(text(lastLine(bytes("no newline")))).toBe("no newline");
    expect(text(lastLine(bytes("done\r\n")))).toBe("");
  });
});
