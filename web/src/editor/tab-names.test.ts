import { expect, it } from "vitest";
import { firstFiles, folderTitle, otherFiles, tabTitle, withTilde } from "./tab-names.js";

/** A section's folder, as the images have it. */
const SECTION_3 = [
  "Makefile",
  "a.out",
  "hello-test.c",
  "hello.c",
  "hello.ko",
  "missing-unlock.patch",
];

it("opens what a section is about, in the order of reading", () => {
  expect(firstFiles(SECTION_3)).toEqual([
    "hello.c",
    "hello-test.c",
    "Makefile",
    "missing-unlock.patch",
  ]);
});

it("offers what else is text, and no folders", () => {
  expect(otherFiles([...SECTION_3, "note.txt", "build/", "hello.mod"])).toEqual(["note.txt"]);
});

it.each([
  ["/home/student/3-locking/hello.c", "hello.c"],
  ["/home/student/2-fops/hello.c", "2-fops/hello.c"],
  ["/home/student/3-locking/missing-unlock.patch", "The edit"],
  ["/usr/src/linux-source-6.1/./include/linux/uaccess.h", "include/linux/uaccess.h"],
])("calls the tab of %s %s", (path, title) => {
  expect(tabTitle(path, "/home/student/3-locking")).toBe(title);
});

it("calls folders by what a person knows them by", () => {
  expect(folderTitle("/home/student/2-fops")).toBe("2-fops");
  expect(folderTitle("/home/student/shared/2-fops")).toBe("shared/2-fops");
});

it.each([
  ["/home/student/2-fops", "~/2-fops"],
  ["/home/student", "~"],
  ["/home/students/2-fops", "/home/students/2-fops"],
  ["include/linux/fs.h", "include/linux/fs.h"],
])("shows %s as a shell does", (path, shown) => {
  expect(withTilde(path)).toBe(shown);
});
