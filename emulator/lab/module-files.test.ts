import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { FileTree } from "../files/index.js";
import { IMAGES_FOLDER } from "../node/index.js";
import { unpackHome } from "./home.js";
import { ModuleFiles } from "./module-files.js";

const FOPS = "/student/2-fops/hello.ko";
const LOCKING = "/student/3-locking/hello.ko";

describe("the files of modules", () => {
  let course: Uint8Array;
  let tree: FileTree;
  let files: ModuleFiles;
  beforeAll(() => {
    course = gunzipSync(readFileSync(join(IMAGES_FOLDER, "i686/course.tar.gz")));
  });
  function fresh(): void {
    tree = new FileTree();
    unpackHome(tree, course);
    files = new ModuleFiles(tree, "/student");
  }
  const paths = (): string[] => files.candidates("hello").map(({ path }) => path);

  it("are those in the tree as long as none was opened", () => {
    fresh();
    expect(paths()).toEqual([
      "/student/1-load/hello.ko",
      FOPS,
      LOCKING,
      "/student/4-debugging/hello.ko",
    ]);
    expect(files.candidates("other")).toEqual([]);
  });

  it("begin with the one that the guest opened last", () => {
    fresh();
    files.opened(FOPS);
    files.opened(LOCKING);
    expect(paths().slice(0, 2)).toEqual([LOCKING, FOPS]);
    files.opened(FOPS);
    expect(paths().slice(0, 2)).toEqual([FOPS, LOCKING]);
  });

  it("stay as they were when they were opened", () => {
    fresh();
    const before = tree.readFile(FOPS);
    files.opened(FOPS);
    tree.writeFile(FOPS, tree.readFile(LOCKING));
    expect(files.candidates("hello")[0]).toEqual({ path: FOPS, bytes: before });
    files.opened(FOPS);
    expect(files.candidates("hello")[0]?.bytes).toEqual(tree.readFile(LOCKING));
    expect(files.candidates("hello")[1]?.bytes).toEqual(before);
  });

  it("are modules only, whatever is called .ko", () => {
    fresh();
    tree.writeFile("/student/text.ko", new TextEncoder().encode("no module"));
    tree.writeFile("/student/cut.ko", tree.readFile(FOPS).subarray(0, 1000));
    tree.mkdir("/student/folder.ko");
    for (const name of ["text.ko", "cut.ko", "folder.ko", "none.ko"]) {
      files.opened(`/student/${name}`);
    }
    expect(paths()).toHaveLength(4);
  });

  it("are not looked for without end", () => {
    fresh();
    let folder = "/student";
    for (let depth = 0; depth < 500; depth++) {
      folder += "/d";
      tree.mkdir(folder);
    }
    tree.writeFile(`${folder}/hello.ko`, tree.readFile(FOPS));
    expect(paths()).toHaveLength(4);
  });
});
