import { expect, it } from "vitest";
import { FileTree } from "../../files/index.js";
import { homePath } from "./home-path.js";

/** What realpath(1) says of such a tree below /home, without the /home. */
function tree(): FileTree {
  const files = new FileTree();
  files.writeFile("student/2-fops/hello.c", new Uint8Array());
  files.symlink("student/now", "2-fops");
  files.symlink("student/2-fops/link.c", "../now/./hello.c");
  files.symlink("student/absolute", "/home/student/now/hello.c");
  files.symlink("student/outside", "/etc/passwd");
  files.symlink("student/above", "../../etc");
  files.symlink("student/round", "about");
  files.symlink("student/about", "round");
  return files;
}

it.each([
  ["/home", ""],
  ["/home/student/2-fops/hello.c", "student/2-fops/hello.c"],
  ["/home//student/./2-fops/../2-fops/hello.c", "student/2-fops/hello.c"],
  ["/home/student/now/hello.c", "student/2-fops/hello.c"],
  ["/home/student/2-fops/link.c", "student/2-fops/hello.c"],
  ["/home/student/absolute", "student/2-fops/hello.c"],
  // A link is followed before ".." is taken.
  ["/home/student/now/../now/new.c", "student/2-fops/new.c"],
  ["/home/student/not/there", "student/not/there"],
])("%s leads to a place of the host's tree", (path, expected) => {
  expect(homePath(tree(), path)).toBe(expected);
});

it.each([
  "/",
  "/tmp/x.c",
  "/homely/x.c",
  "/home/../etc/passwd",
  "/home/student/outside",
  "/home/student/above/passwd",
  "/home/student/round",
])("%s leads to none", (path) => {
  expect(homePath(tree(), path)).toBeUndefined();
});
