import { describe, expect, it } from "vitest";
import { guestPathOf, parseFileArgument } from "./file-argument.js";

describe("parseFileArgument", () => {
  it.each([
    ["input.txt", "input.txt", "/home/student/input.txt"],
    ["../a/input.txt", "../a/input.txt", "/home/student/input.txt"],
    ["input.txt:other.txt", "input.txt", "/home/student/other.txt"],
    ["input.txt:data/", "input.txt", "/home/student/data/input.txt"],
    ["a/input.txt:/tmp/x", "a/input.txt", "/tmp/x"],
    ["a/input.txt:/tmp/", "a/input.txt", "/tmp/input.txt"],
    ["input.txt:../../etc/conf", "input.txt", "/etc/conf"],
    // The last colon separates, so a colon can be in HOST.
    ["a:b:c", "a:b", "/home/student/c"],
    ["C:\\data\\in.txt", "C:\\data\\in.txt", expect.stringMatching(/^\/home\/student\//)],
    ["C:/data/in.txt:x", "C:/data/in.txt", "/home/student/x"],
  ])("reads %s", (argument, host, guest) => {
    expect(parseFileArgument(argument)).toEqual({ host, guest });
  });

  it.each([
    ["", "names no file"],
    [":x", "names no file"],
    ["input.txt:", "names no place in the guest"],
  ])("refuses %j", (argument, message) => {
    expect(() => parseFileArgument(argument)).toThrow(message);
  });
});

describe("guestPathOf", () => {
  it("puts a file into the folder that runs work in", () => {
    expect(guestPathOf("build/hello.ko")).toBe("/home/student/hello.ko");
  });
});
