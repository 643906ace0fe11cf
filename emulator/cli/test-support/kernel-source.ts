import { fileURLToPath } from "node:url";

/** Where a file of `kernel-src/` is: `course/hello-fops.c`. */
export function kernelSource(path: string): string {
  return fileURLToPath(new URL(`../../../kernel-src/${path}`, import.meta.url));
}
