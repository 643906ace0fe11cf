import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { FileTree } from "../files/index.js";
import { IMAGES_FOLDER } from "../node/index.js";
import { type Home, unpackHome } from "./home.js";

const COURSE = gunzipSync(readFileSync(join(IMAGES_FOLDER, "i686/course.tar.gz")));
const SOURCES = new URL("../../kernel-src/course/", import.meta.url);

/** The files by path, each as text of one letter for a byte: compared faster than bytes are. */
function unpacked(home?: Home): Map<string, string> {
  const tree = new FileTree();
  unpackHome(tree, COURSE, home);
  return new Map(
    [...tree.walk()].flatMap(({ path, stat }) =>
      stat.kind === "file" ? [[path, Buffer.from(tree.readFile(path)).toString("latin1")]] : [],
    ),
  );
}

it("is the course's by default, with all that was built", () => {
  const files = unpacked();
  expect(files).toEqual(unpacked("solved"));
  for (const section of ["1-load", "2-fops", "3-locking", "4-debugging"]) {
    expect(files.has(`/student/${section}/hello.ko`), section).toBe(true);
  }
});

it("begins as an exercise with the sources before their edits, and no modules of them", () => {
  const solved = unpacked();
  const exercise = unpacked("exercise");
  const source = readFileSync(new URL("hello-fops.c", SOURCES), "latin1");
  for (const section of ["3-locking", "4-debugging"]) {
    expect(exercise.get(`/student/${section}/hello.c`)).toBe(source);
    expect(solved.get(`/student/${section}/hello.c`)).not.toBe(source);
    expect(solved.delete(`/student/${section}/hello.ko`)).toBe(true);
    solved.set(`/student/${section}/hello.c`, source);
  }
  // All else is the same, the prebuilt modules of sections 1 and 2 included.
  expect(exercise).toEqual(solved);
});
