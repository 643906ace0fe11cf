import { describe, expect, it } from "vitest";
import { type TerminalFact, Transcript } from "./transcript.js";

/** As the image's shell writes it. */
function prompt(folder: string): string {
  return `\x1b[1;32mstudent@kspace\x1b[0m:\x1b[1;34m${folder}\x1b[0m$ `;
}

function facts(...chunks: readonly string[]): TerminalFact[] {
  const seen: TerminalFact[] = [];
  const transcript = new Transcript((fact) => seen.push(fact));
  const encoder = new TextEncoder();
  for (const chunk of chunks) transcript.push(encoder.encode(chunk));
  return seen;
}

function commands(...chunks: readonly string[]): string[] {
  return facts(...chunks).flatMap((fact) => (fact.kind === "command" ? [fact.command.line] : []));
}

function outputs(...chunks: readonly string[]): string[] {
  return facts(...chunks).flatMap((fact) => (fact.kind === "output" ? [fact.line] : []));
}

describe("a transcript", () => {
  const session = `${prompt("~/2-fops")}./a.out\r\nwrote 6 bytes\r\n${prompt("~/2-fops")}`;

  it("tells prompts, commands and output", () => {
    const folder = "/home/student/2-fops";
    const command = { to: "shell", line: "./a.out", folder };
    expect(facts(session)).toEqual([
      { kind: "prompt", of: "shell", folder },
      { kind: "command", command },
      { kind: "output", line: "wrote 6 bytes", command },
      { kind: "prompt", of: "shell", folder },
    ]);
  });

  it("is the same in single bytes, also of long characters", () => {
    expect(facts(...session)).toEqual(facts(session));
    const seen: TerminalFact[] = [];
    const transcript = new Transcript((fact) => seen.push(fact));
    for (const byte of new TextEncoder().encode("grüße 😀\n")) transcript.push(Uint8Array.of(byte));
    expect(seen).toEqual([{ kind: "output", line: "grüße 😀", command: undefined }]);
  });

  it("joins what the shell wraps at the terminal's width", () => {
    // busybox, libbb/lineedit.c: CR LF at the width, and the line discipline makes CR CR LF of it.
    const typed = `${prompt("~")}cd ~/2-fo\r\r\nps; ec\r\r\nho a\r\n`;
    expect(commands(typed)).toEqual(["cd ~/2-fops; echo a"]);
  });

  it("follows editing: backspace, a line from the history, a cursor in the middle", () => {
    expect(commands(`${prompt("~")}lsx\b \b -l\r\n`)).toEqual(["ls -l"]);
    expect(commands(`${prompt("~")}ls\r${prompt("~")}dmesg | tail\x1b[J\r\n`)).toEqual([
      "dmesg | tail",
    ]);
    expect(commands(`${prompt("~")}dmesg\r${prompt("~")}ls\x1b[J\r\n`)).toEqual(["ls"]);
    expect(commands(`${prompt("~")}ac\bbc\b\r\n`)).toEqual(["abc"]);
  });

  it("sees a prompt behind output without a newline", () => {
    expect(facts(`${prompt("~")}printf abc\r\nabc${prompt("~")}`).slice(2)).toEqual([
      { kind: "output", line: "abc", command: expect.objectContaining({ line: "printf abc" }) },
      { kind: "prompt", of: "shell", folder: "/home/student" },
    ]);
  });

  it("knows no echo as output, not even with a message of the kernel in it", () => {
    const terminal = `${prompt("~")}echo [    9.000000] random: ready\r\nhello\r\nhello\r\n`;
    expect(commands(terminal)).toEqual(["echo hello"]);
    expect(outputs(terminal)).toEqual(["hello"]);
  });

  it("tells dmesg's lines from the kernel's, also of messages that no console has had", () => {
    const seen: TerminalFact[] = [];
    const transcript = new Transcript((fact) => seen.push(fact));
    const push = (text: string): void => transcript.push(new TextEncoder().encode(text));
    push(`${prompt("~")}dmesg\r\n[    1.000000] kept\r\n[    2.000000] live\r\n`);
    transcript.settle();
    push(`[    3.000000] kept, too\r\n${prompt("~")}`);
    transcript.kernelLogged(2_000_000);
    transcript.settle();
    const command = { to: "shell", line: "dmesg", folder: "/home/student" };
    expect(seen.filter(({ kind }) => kind === "output")).toEqual([
      { kind: "output", line: "[    1.000000] kept", command },
      { kind: "output", line: "[    3.000000] kept, too", command },
    ]);
    // At a prompt, and typed into, it is the kernel's.
    push(`ls[    4.000000] live\r\n -l\r\n${prompt("~")}`);
    transcript.settle();
    expect(
      seen.slice(-2).map((fact) => (fact.kind === "command" ? fact.command.line : "")),
    ).toEqual(["ls -l", ""]);
  });

  it("follows gdb and comes back", () => {
    const session = [
      `${prompt("~/4-debugging")}gdb hello.ko\r\nReading symbols from hello.ko...\r\n`,
      "\x1b[?2004h(gdb) l *(f+0x2b)\r\n\x1b[?2004l\r0xbb is in f (a.h:161).\r\n",
      `\x1b[?2004h(gdb) quit\r\n\x1b[?2004l\r${prompt("~/4-debugging")}`,
    ];
    const told = facts(...session).map((fact) =>
      fact.kind === "prompt" ? fact.of : fact.kind === "command" ? fact.command : fact.line,
    );
    const folder = "/home/student/4-debugging";
    expect(told).toEqual([
      "shell",
      { to: "shell", line: "gdb hello.ko", folder },
      "Reading symbols from hello.ko...",
      "gdb",
      { to: "gdb", line: "l *(f+0x2b)", folder },
      "0xbb is in f (a.h:161).",
      "gdb",
      { to: "gdb", line: "quit", folder },
      "shell",
    ]);
  });

  it("tells of a backlog only what waits at its end", () => {
    const seen: TerminalFact[] = [];
    const transcript = new Transcript((fact) => seen.push(fact));
    transcript.push(new TextEncoder().encode("half a li"));
    transcript.reset(new TextEncoder().encode(session));
    expect(seen).toEqual([{ kind: "prompt", of: "shell", folder: "/home/student/2-fops" }]);
  });
});
