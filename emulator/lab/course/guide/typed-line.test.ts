import { describe, expect, it } from "vitest";
import { filesNamed } from "./typed-line.js";

const HOME = "/home/student";

describe("files that a line names", () => {
  it.each([
    ["sudo insmod ./hello.ko", `${HOME}/1-load/hello.ko`],
    ["sudo insmod hello.ko", `${HOME}/1-load/hello.ko`],
    ["sudo insmod ../2-fops/hello.ko", `${HOME}/2-fops/hello.ko`],
    ["sudo insmod ~/2-fops//./hello.ko", `${HOME}/2-fops/hello.ko`],
    ["cd ~/2-fops && sudo insmod hello.ko", `${HOME}/2-fops/hello.ko`],
    ["cd; cd 2-fops; sudo insmod hello.ko", `${HOME}/2-fops/hello.ko`],
    ["cat <'note.txt'", `${HOME}/1-load/note.txt`],
    ['less "/tmp/a b"', "/tmp/a b"],
    ["cat ../../../../etc/motd", "/etc/motd"],
  ])("%s", (line, file) => {
    expect(filesNamed(line, `${HOME}/1-load`)).toContain(file);
  });
});
