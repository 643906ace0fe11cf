import { expect, test } from "vitest";
import { dependencies, divideHeaders, headerPacks } from "./header-packs.js";

test("reads the rules that clang -M prints", () => {
  // clang-16 -M of two sources.
  const rules =
    "a.o: a.c \\\n  ./include/linux/module.h include/linux/list.h\nb.o: b.c \\\n  b.h\n";
  expect(dependencies(rules)).toEqual([
    ...["a.c", "./include/linux/module.h", "include/linux/list.h"],
    ...["b.c", "b.h"],
  ]);
});

test("each header is in one pack, the common ones in the first", () => {
  const packs = headerPacks(new Set(["include/linux/module.h", "include/net/sock.h"]));
  const paths = [
    ...["include/linux/module.h", "include/net/sock.h", "include/net/tcp.h"],
    ...["include/linux/usb/hcd.h", "include/linux/usb.h", "include/uapi/drm/drm.h"],
    "arch/x86/include/asm/page.h",
  ];
  const divided = [...divideHeaders(paths, packs)].map(([{ name }, files]) => [name, files]);
  expect(divided).toEqual([
    ["common", ["include/linux/module.h", "include/net/sock.h"]],
    ["subsystems", ["include/net/tcp.h", "include/linux/usb/hcd.h", "include/uapi/drm/drm.h"]],
    ["others", ["include/linux/usb.h", "arch/x86/include/asm/page.h"]],
  ]);
});
