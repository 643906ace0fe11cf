import { describe, expect, it } from "vitest";
import { LinePrefix } from "./line-prefix.js";

interface Read {
  readonly message: string;
  readonly source: string;
  readonly seconds: number | undefined;
  readonly level: number | undefined;
  readonly caller: string | undefined;
}

function read(line: string): Read {
  const prefix = new LinePrefix();
  // In the middle of a text, as the stream does it.
  prefix.read(`x\n${line}\ny`, 2, 2 + line.length);
  const { source, seconds, level, caller } = prefix;
  return { message: line.slice(prefix.end - 2), source, seconds, level, caller };
}

const MESSAGE = "Call Trace:";

describe("LinePrefix", () => {
  it.each([
    ["dmesg, console", "[  802.296098] ", 802.296098],
    ["a log level", "<4>[  802.296098] ", 802.296098],
    ["syslogd's broadcast", " kernel:[  802.293944] ", 802.293944],
    ["kern.log", "Oct 21 22:09:08 buster kernel: [  802.296098] ", 802.296098],
    ["journalctl", "Oct 21 22:09:08 buster kernel: ", undefined],
    ["journalctl without a host", "Oct 21 22:09:08 kernel: ", undefined],
    ["journalctl in another language", "окт 21 22:09:08 buster kernel: ", undefined],
    ["journalctl -o short-iso", "2020-10-21T22:09:08+0200 buster kernel: ", undefined],
    [
      "journalctl -o short-iso-precise",
      "2020-10-21T22:09:08.123456+0200 buster kernel: ",
      undefined,
    ],
    ["journalctl -o short-full", "Wed 2020-10-21 22:09:08 CEST buster kernel: ", undefined],
    ["journalctl -o short-monotonic", "[  802.296098] buster kernel: ", 802.296098],
    ["journalctl -o short-unix", "1603310948.123456 buster kernel: ", undefined],
    ["RFC 5424", "2020-10-21T22:09:08.123456+02:00 buster kernel: [  802.296098] ", 802.296098],
    ["dmesg -T", "[Wed Oct 21 22:09:08 2020] ", undefined],
    ["dmesg -H, the first of a minute", "[Oct21 22:09] ", undefined],
    ["dmesg -H, the others", "[  +0.000012] ", undefined],
    ["dmesg -d", "[  802.296098 <    0.000012>] ", 802.296098],
    ["dmesg -x", "kern  :warn  : [  802.296098] ", 802.296098],
    ["an extended record", "4,701,802296098,-;", 802.296098],
    [
      "an extended record by way of syslog",
      "May 25 07:29:42 x 4,701,802296098,-,caller=C0;",
      802.296098,
    ],
    ["logcat", "10-21 22:09:08.123     0     0 W         : [  802.296098] ", 802.296098],
    ["a vendor's processor", "[  802.296098@0] ", 802.296098],
    ["a vendor's processor and task", "[  802.296098]  (1)[123:swapper/1]", 802.296098],
    ["a recorder of the console", "2020-10-21T22:09:08.123Z [  802.296098] ", 802.296098],
    ["a quotation in mail", "> > [  802.296098] ", 802.296098],
    ["an indented paste", "    [  802.296098] ", 802.296098],
    ["a bracket lost", "802.296098] ", 802.296098],
  ])("takes off what %s puts in front", (_, prefix, seconds) => {
    const found = read(`${prefix}${MESSAGE}`);
    expect(found.message).toBe(MESSAGE);
    expect(found.seconds).toBe(seconds);
    if (!prefix.startsWith("2020-10-21T22:09:08.123Z")) expect(found.source).toBe("kernel");
  });

  it.each([
    ["[  802.296098][  T123] ", "T123"],
    ["[  802.296098] [    C0] ", "C0"],
    ["[  802.296098][    T1] ", "T1"],
    ["Oct 21 22:09:08 buster kernel: [  802.296098][    C1] ", "C1"],
  ])("reads the caller in %s", (prefix, caller) => {
    expect(read(`${prefix}${MESSAGE}`)).toMatchObject({ message: MESSAGE, caller });
  });

  it("keeps the blanks that belong to the message", () => {
    expect(read("[  802.296169]  vfs_write+0xa5/0x1a0").message).toBe(" vfs_write+0xa5/0x1a0");
    expect(read("Oct 21 22:09:08 buster kernel:  vfs_write+0xa5/0x1a0").message).toBe(
      " vfs_write+0xa5/0x1a0",
    );
    expect(read(" vfs_write+0xa5/0x1a0").message).toBe(" vfs_write+0xa5/0x1a0");
    expect(read(" [<ffffffff811d2a5a>] vfs_write+0xa5/0x1a0").message).toBe(
      " [<ffffffff811d2a5a>] vfs_write+0xa5/0x1a0",
    );
  });

  it("tells programs from the kernel", () => {
    expect(read("Oct 21 22:09:08 buster sshd[77]: Accepted publickey").source).toBe("program");
    expect(read("2020-10-21T22:09:08+02:00 buster systemd[1]: Started").source).toBe("program");
    // Facility 3 is system daemons': RFC 5424, 6.2.1.
    expect(read("<30>systemd[1]: Started").source).toBe("program");
    expect(read("30,340,5690716,-;udevd[80]: starting version 181").source).toBe("program");
    expect(read("user  :notice: [    1.0] hello").source).toBe("program");
  });

  it("leaves alone what only looks like a prefix", () => {
    for (const line of [
      "[drm] Initialized i915",
      "[ BUG: held lock freed! ]",
      "[1234]   0  1234 1000",
      "The buggy address",
      "Mem-Info:",
      "Not tainted",
      "RIP: 0010:f+0x1/0x2",
      "<IRQ>",
    ]) {
      expect(read(line).message, line).toBe(line);
    }
  });

  it("reads a level and its facility", () => {
    expect(read("<0>[    1.000000] panic")).toMatchObject({ level: 0, source: "kernel" });
    expect(read("kern  :err   : panic")).toMatchObject({ level: 3 });
  });
});
