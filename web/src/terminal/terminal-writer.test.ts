import { describe, expect, it } from "vitest";
import { TerminalWriter } from "./terminal-writer.js";

/** A terminal that parses when it is told to, and a screen that is drawn when it is told to. */
function setUp() {
  const written: Uint8Array[] = [];
  const parsed: (() => void)[] = [];
  const frames: (() => void)[] = [];
  let resets = 0;
  const writer = new TerminalWriter(
    {
      write: (bytes, done) => {
        written.push(bytes);
        parsed.push(done);
      },
      reset: () => {
        resets++;
      },
    },
    (run) => frames.push(run),
  );
  let drawn = 0;
  // All that there is, as xterm.js does.
  const parse = () => {
    for (const done of parsed.splice(0)) done();
  };
  const drawFrame = () => {
    drawn = written.length;
    frames.shift()?.();
  };
  const settle = () => {
    while (parsed.length + frames.length > 0) {
      parse();
      drawFrame();
    }
  };
  const textOf = (pieces: readonly Uint8Array[]) =>
    pieces.map((bytes) => new TextDecoder().decode(bytes)).join("");
  return {
    writer,
    written,
    parsed,
    frames,
    parse,
    drawFrame,
    settle,
    text: () => textOf(written),
    lastFrame: () => textOf(written.slice(drawn)),
    resets: () => resets,
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("output", () => {
  it("goes to a terminal with nothing to do at once", () => {
    const { writer, text } = setUp();
    writer.write(bytes("a"));
    expect(text()).toBe("a");
  });

  it("waits while the terminal parses, and then for a frame", () => {
    const { writer, parse, drawFrame, text } = setUp();
    writer.write(bytes("a"));
    writer.write(bytes("b"));
    writer.write(bytes("c"));
    expect(text()).toBe("a");
    parse();
    expect(text()).toBe("a");
    drawFrame();
    expect(text()).toBe("abc");
  });

  it("comes in chunks that leave the page time, in order and whole", () => {
    const { writer, written, settle, text } = setUp();
    const long = "0123456789\n".repeat(20_000);
    writer.write(bytes(long));
    settle();
    expect(text()).toBe(long);
    expect(Math.max(...written.map(({ length }) => length))).toBeLessThanOrEqual(16 * 1024);
  });

  it("that is far behind is cut short when a key is typed, so that its echo is seen soon", () => {
    const { writer, settle, text } = setUp();
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`);
    writer.write(bytes("first\n"));
    writer.write(bytes(lines.join("")));
    writer.typed();
    writer.write(bytes("x"));
    settle();
    expect(text().length).toBeLessThan(5 * 1024);
    expect(text()).toMatch(/^first\nline \d+\n/);
    expect(text().endsWith("line 19999\nx")).toBe(true);
  });

  it("that is a screen or two stays whole when a key is typed", () => {
    const { writer, settle, text } = setUp();
    const screens = "a line of a listing\n".repeat(200);
    writer.write(bytes("first\n"));
    writer.write(bytes(screens));
    writer.typed();
    settle();
    expect(text()).toBe(`first\n${screens}`);
  });

  it("in a flood keeps its end, from the start of a line", () => {
    const { writer, settle, text } = setUp();
    writer.write(bytes("first\n"));
    const lines = Array.from({ length: 300_000 }, (_, index) => `line ${index}\n`);
    for (let index = 0; index < lines.length; index += 100) {
      writer.write(bytes(lines.slice(index, index + 100).join("")));
    }
    settle();
    const [first, second, ...rest] = text().split("\n");
    expect(first).toBe("first");
    expect(second).toMatch(/^line \d+$/);
    expect(rest.slice(-2)).toEqual(["line 299999", ""]);
    expect(text().length).toBeLessThan(1.1 * 1024 * 1024);
    expect(text().length).toBeGreaterThan(0.9 * 1024 * 1024);
  });
});

describe("a flood that goes on", () => {
  const LINES_PER_FRAME = 3000;

  /** So many frames, in each of which more lines come than one can take. */
  function flood(frames: number, line: (number: number) => string) {
    const terminal = setUp();
    let lines = 0;
    const next = () => {
      let text = "";
      for (let count = 0; count < LINES_PER_FRAME; count++) text += line(lines++);
      terminal.writer.write(bytes(text));
    };
    next();
    for (let frame = 0; frame < frames; frame++) {
      next();
      terminal.parse();
      terminal.drawFrame();
    }
    return { ...terminal, next, lines: () => lines };
  }

  it("shows in a frame what came last", () => {
    const { lastFrame, lines } = flood(200, (number) => `line ${number}\n`);
    const shown = lastFrame();
    expect(shown).toMatch(/^line \d+\n/);
    expect(shown).toMatch(new RegExp(`line ${lines() - 1}\n$`));
  });

  it("leaves nothing out of what a program prints at one go", () => {
    const { settle, text, lines } = flood(3, (number) => `line ${number}\n`);
    settle();
    const expected = Array.from({ length: lines() }, (_, index) => `line ${index}\n`);
    expect(text()).toBe(expected.join(""));
  });

  it("and has no lines is shown, too", () => {
    const { text, next, parse, drawFrame } = flood(200, () => "no end ");
    const before = text().length;
    for (let frame = 0; frame < 10; frame++) {
      next();
      parse();
      drawFrame();
    }
    // A screen of 80 columns and 24 rows in each.
    expect(text().length - before).toBeGreaterThan(10 * 80 * 24);
  });

  it("is over when the terminal has caught up", () => {
    const { writer, next, settle, text } = flood(200, (number) => `line ${number}\n`);
    settle();
    writer.write(bytes("prompt\n"));
    settle();
    const before = text().length;
    next();
    next();
    settle();
    expect(text().length - before).toBeGreaterThan(2 * LINES_PER_FRAME * "line 600000".length);
  });
});

describe("a reset", () => {
  it("forgets what was not shown yet, and shows the backlog", () => {
    const { writer, settle, text, resets } = setUp();
    writer.write(bytes("a"));
    writer.write(bytes("lost"));
    writer.reset(bytes("backlog"));
    settle();
    expect(text()).toBe("abacklog");
    expect(resets()).toBe(1);
  });

  it("replays until the backlog is parsed", () => {
    const { writer, parse } = setUp();
    writer.reset(bytes("backlog"));
    expect(writer.replaying).toBe(true);
    parse();
    expect(writer.replaying).toBe(false);
  });

  it("without a backlog has nothing to replay", () => {
    const { writer } = setUp();
    writer.reset(new Uint8Array());
    expect(writer.replaying).toBe(false);
  });
});
