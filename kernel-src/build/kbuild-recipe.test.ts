import { expect, test } from "vitest";
import { recordRecipe } from "./kbuild-recipe.js";

const tree = "/usr/src/linux";
/** As kbuild 6.1 writes them, with fewer options. */
const commands = {
  compile:
    `cmd_/w/hello/hello.mod.o := clang-16 -Wp,-MMD,/w/hello/.hello.mod.o.d -nostdinc -I./include ` +
    `-include ./include/linux/kconfig.h -D__KERNEL__ -O2 -ffile-prefix-map=/w/linux=/usr/src/linux ` +
    `-DMODULE -DKBUILD_BASENAME='"hello.mod"' -DKBUILD_MODNAME='"hello"' ` +
    `-D__KBUILD_MODNAME=kmod_hello -c -o /w/hello/hello.mod.o /w/hello/hello.mod.c\n\n` +
    `source_/w/hello/hello.mod.o := /w/hello/hello.mod.c\n`,
  modpost:
    `cmd_/w/hello/Module.symvers :=  sed 's/ko$$/o/'  /w/hello/modules.order | scripts/mod/modpost ` +
    `  -E    -o /w/hello/Module.symvers -e -i Module.symvers -T - \n`,
  link:
    `cmd_/w/hello/hello.ko := ld.lld-16 -r -m elf_i386 -z noexecstack --build-id=sha1  ` +
    `-T scripts/module.lds -o /w/hello/hello.ko /w/hello/hello.o /w/hello/hello.mod.o;  true\n`,
};

test("keeps what does not depend on the module", () => {
  expect(recordRecipe(commands, "hello", tree)).toEqual({
    tree,
    compile: [
      ...["-nostdinc", "-I./include", "-include", "./include/linux/kconfig.h"],
      ...["-D__KERNEL__", "-O2", "-DMODULE"],
    ],
    modpost: ["-E", "-e"],
    merge: ["-r", "-m", "elf_i386", "-z", "noexecstack"],
    link: [
      ...["-r", "-m", "elf_i386", "-z", "noexecstack", "--build-id=sha1"],
      ...["-T", "scripts/module.lds"],
    ],
  });
});

test("refuses a command of another program or another module", () => {
  expect(() => recordRecipe({ ...commands, link: commands.modpost }, "hello", tree)).toThrow(
    "it does not run ld.lld-16",
  );
  expect(() => recordRecipe(commands, "other", tree)).toThrow(
    'it lacks -DKBUILD_BASENAME="other.mod"',
  );
});
