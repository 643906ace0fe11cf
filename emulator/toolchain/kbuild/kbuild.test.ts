import { expect, test } from "vitest";
import { FilePacks, parsePacks } from "../file-packs.js";
import { fixedDependencies } from "./dependencies.js";
import { includeNames } from "./include-names.js";
import { compileOptions, parseRecipe } from "./recipe.js";

const recipe = {
  tree: "/usr/src/linux",
  compile: ["-nostdinc", "-O2"],
  modpost: ["-e"],
  merge: ["-r"],
  link: ["-r", "-T", "scripts/module.lds"],
};
const index = {
  packs: [
    {
      name: "common",
      archive: "common.tar.gz",
      bytes: 1,
      files: ["include/linux/module.h", "Module.symvers", "arch/x86/include/asm/page.h"],
    },
    {
      name: "others",
      archive: "others.tar.gz",
      bytes: 2,
      files: [
        "include/net/sock.h",
        "include/uapi/linux/tcp.h",
        "arch/x86/include/generated/uapi/asm/errno.h",
        "include/generated/autoconf.h",
      ],
    },
  ],
};

test("a recipe of another form is refused", () => {
  expect(parseRecipe(JSON.stringify(recipe))).toEqual(recipe);
  for (const text of ["", "[]", JSON.stringify({ ...recipe, link: "-r" })]) {
    expect(() => parseRecipe(text)).toThrow("do not belong together");
  }
});

test("a source and its module are named as kbuild names them", () => {
  // `make V=1` of a module my-mod of Linux 6.1 with a source my-part.c.
  expect(compileOptions(recipe, "my-part", "my-mod")).toEqual([
    ...["-nostdinc", "-O2"],
    '-DKBUILD_BASENAME="my_part"',
    '-DKBUILD_MODNAME="my_mod"',
    "-D__KBUILD_MODNAME=kmod_my_mod",
  ]);
});

test("tells which pack has a header that is not here", () => {
  const headers = new FilePacks("/usr/src/linux", parsePacks(JSON.stringify(index)));
  const [module, sock] = [
    "/usr/src/linux/include/linux/module.h",
    "/usr/src/linux/include/net/sock.h",
  ];
  expect(headers.packsWith([module, sock, sock, "/home/student/my.h"])).toEqual([
    "common",
    "others",
  ]);
  headers.add("common", new Map([["include/linux/module.h", new Uint8Array(3)]]));
  expect(headers.has("common")).toBe(true);
  expect(headers.elsewhere.has(module)).toBe(false);
  expect(headers.elsewhere.has(sock)).toBe(true);
  const kinds = (path: string) => headers.layers.flatMap((layer) => layer.find(path)?.kind ?? []);
  expect(kinds(module)).toEqual(["file"]);
  // clang looks for no file in a folder that is not there.
  expect(kinds("/usr/src/linux/include/net")).toEqual(["folder"]);
  expect(kinds(sock)).toEqual([]);
  expect(headers.packsWith([module, sock])).toEqual(["others"]);
  headers.add("others", new Map());
  expect(headers.packsWith([sock])).toEqual([]);
});

test("names headers as they are included", () => {
  const folders = [
    "arch/x86/include",
    "arch/x86/include/generated/uapi",
    "include",
    "include/uapi",
  ];
  const compile = folders.map((folder) => `-I./${folder}`);
  expect(includeNames({ ...recipe, compile }, parsePacks(JSON.stringify(index)))).toEqual([
    ...["linux/module.h", "asm/page.h", "net/sock.h", "linux/tcp.h", "asm/errno.h"],
    "generated/autoconf.h",
  ]);
});

test("a list of headers of another form is refused", () => {
  for (const text of ["?", "{}", JSON.stringify({ packs: [{ name: "common" }] })]) {
    expect(() => parsePacks(text)).toThrow("do not belong together");
  }
});

test("the files that a source depends on, as modpost reads them", () => {
  const rules = "/src/a.o: /src/a.c \\\n  ./include/linux/module.h \\\n  /src/a.h\n";
  // scripts/basic/fixdep of Linux 6.1, without the files of include/config.
  expect(fixedDependencies(rules, "/src/a.o", "/src/a.c")).toBe(
    [
      "source_/src/a.o := /src/a.c\n",
      "deps_/src/a.o := \\",
      "  ./include/linux/module.h \\",
      "  /src/a.h \\\n",
      "/src/a.o: $(deps_/src/a.o)\n",
      "$(deps_/src/a.o):\n",
    ].join("\n"),
  );
});
