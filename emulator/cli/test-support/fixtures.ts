import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { IMAGES_FOLDER } from "../../node/index.js";

/** A folder with the course's files and the test modules, as a user would have them. */
export interface Fixtures extends AsyncDisposable {
  readonly folder: string;
  /** Writes a file into the folder, and says where it is. */
  write(name: string, content: string | Uint8Array, mode?: number): Promise<string>;
}

const ARCHIVES = ["i686/course.tar.gz", "i686/modules.tar.gz"];
/** Where the course's archive keeps the folders of its sections. */
const HOME = "home/student/";

/** Section folders (`2-fops/hello.ko`) and test modules (`panic_now.ko`) side by side. */
export async function makeFixtures(): Promise<Fixtures> {
  const folder = await mkdtemp(join(tmpdir(), "kspace-cli-"));
  const write = async (name: string, content: string | Uint8Array, mode = 0o644) => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  };
  for (const archive of ARCHIVES) {
    const bytes = gunzipSync(await readFile(join(IMAGES_FOLDER, archive)));
    for (const { name, data } of parseTar(bytes)) {
      if (data !== undefined) await write(name.replace(HOME, ""), data, 0o755);
    }
  }
  return {
    folder,
    write,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
