import { copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export type Comparison =
  | { readonly result: "same" }
  | { readonly result: "different"; readonly why: string };

/** Compares a built file with the committed one, byte for byte. */
export async function compareFiles(built: string, committed: string): Promise<Comparison> {
  const expected = await readFile(built);
  const found = await readFile(committed).catch(() => undefined);
  if (found === undefined) return { result: "different", why: "there is no such file" };
  if (expected.equals(found)) return { result: "same" };
  const length = Math.min(expected.length, found.length);
  let at = 0;
  while (at < length && expected[at] === found[at]) at++;
  return {
    result: "different",
    why: `${found.length} bytes, its sources give ${expected.length}; first difference at byte ${at}`,
  };
}

/** Copies a built file to its place below `images/` unless it is there already. */
export async function publish(out: string, images: string, path: string): Promise<"new" | "same"> {
  const [built, place] = [join(out, path), join(images, path)];
  if ((await compareFiles(built, place)).result === "same") return "same";
  await mkdir(dirname(place), { recursive: true });
  await copyFile(built, place);
  return "new";
}
