/** The top folders of a kernel tree that have code. */
const TOP_FOLDERS = new Set(
  (
    "arch block certs crypto drivers fs include init io_uring ipc kernel lib mm net rust " +
    "samples scripts security sound tools usr virt"
  ).split(" "),
);

/** `linux-source-6.1`, `linux-5.10.7-200.fc33.x86_64`, `linux`, `kernel`, … */
const TREE_NAME = /^(linux|kernel)([-_.\d].*)?$/;

/** Folders that only kernel trees have, for trees of another name. */
const ONLY_IN_TREES =
  /\/((?:include\/(?:linux|uapi|asm-generic)|arch\/\w+\/(?:include|kernel|mm|lib|entry|events|kvm))\/.*)$/;

/**
 * A source file's path from the top of the kernel tree that it belongs to: `include/linux/list.h`
 * for `/usr/src/linux-source-6.1/./include/linux/list.h`. A path that lies in no kernel tree,
 * as a module's own, comes back as it is.
 */
export function relativeToKernelTree(path: string): string {
  const parts = withoutDots(path);
  if (!path.startsWith("/")) return parts.join("/");
  const top = parts.findIndex(
    (part, index) =>
      TOP_FOLDERS.has(part) && index < parts.length - 1 && TREE_NAME.test(parts[index - 1] ?? ""),
  );
  if (top > 0) return parts.slice(top).join("/");
  return ONLY_IN_TREES.exec(`/${parts.join("/")}`)?.[1] ?? path;
}

/** The parts of a path, `.` and `..` resolved as far as they can be. */
function withoutDots(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts;
}
