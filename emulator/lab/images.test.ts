/** Images that are missing, damaged or of another version, and modules of another kernel. */
import { describe, expect, it } from "vitest";
import {
  type ImageSource,
  Images,
  Lab,
  LabError,
  ModuleError,
  nodeImageSource,
} from "../node/index.js";
import { decodeCheckpoint } from "./checkpoint.js";
import { checkModule } from "./module-check.js";

const real = nodeImageSource();
const SNAPSHOT = "i686/snapshot.bin";

/** The real images, but for what `change` makes of one file. */
function changed(path: string, change: (bytes: Uint8Array) => Uint8Array): ImageSource {
  return {
    ...real,
    readImage: async (file, signal) => {
      const bytes = await real.readImage(file, signal);
      return file === path ? change(new Uint8Array(bytes)) : bytes;
    },
  };
}

function flipBit(bytes: Uint8Array, at: number): Uint8Array {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

async function bootError(source: ImageSource): Promise<LabError> {
  const error = await Images.open(source)
    .then((images) => Lab.boot(images))
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof LabError)) throw new Error(`Not a LabError: ${String(error)}`);
  return error;
}

describe("an image", () => {
  it("that is missing is named", async () => {
    const source: ImageSource = {
      ...real,
      readImage: (file, signal) =>
        file === SNAPSHOT ? Promise.reject(new Error("ENOENT")) : real.readImage(file, signal),
    };
    const error = await bootError(source);
    expect(error.code).toBe("image-missing");
    expect(error.message).toContain(`images/${SNAPSHOT}`);
    expect(error.message).toContain("npm run images");
  });

  it.each([SNAPSHOT, "bios/bios.bin", "i686/kernel.json", "i686/course.tar.gz"])(
    "%s with one bit changed is refused, with both hashes",
    async (path) => {
      const error = await bootError(changed(path, (bytes) => flipBit(bytes, bytes.length >> 1)));
      expect(error.code).toBe("image-corrupt");
      expect(error.message).toContain(`images/${path}`);
      expect(error.message).toMatch(/expected: \d+ bytes, SHA-256 [0-9a-f]{64}/);
      expect(error.message).toMatch(/found: {4}\d+ bytes, SHA-256 [0-9a-f]{64}/);
    },
  );

  it("that was cut off is refused, with both sizes", async () => {
    const error = await bootError(changed(SNAPSHOT, (bytes) => bytes.subarray(0, 1000)));
    expect(error.code).toBe("image-corrupt");
    expect(error.message).toContain("1000 bytes");
  });

  it.each(["", "{}", '{"files":[{}]}', "not JSON"])("manifest %j is refused", async (text) => {
    const error = await bootError(changed("manifest.json", () => new TextEncoder().encode(text)));
    expect(error.code).toBe("image-corrupt");
    expect(error.message).toContain("manifest.json");
  });

  it("that the manifest does not list is not read", async () => {
    const images = await Images.open(real);
    await expect(images.read("../package.json")).rejects.toMatchObject({ code: "image-missing" });
  });
});

describe("a snapshot", () => {
  const snapshot = real.readImage(SNAPSHOT);
  /** The snapshot with another text in its header, of the same length. */
  const withHeader = async (from: string, to: string): Promise<Uint8Array> => {
    const bytes = new Uint8Array(await snapshot);
    const header = Buffer.from(bytes.buffer, bytes.byteOffset, 100_000);
    const at = header.indexOf(from);
    expect(at).toBeGreaterThan(0);
    header.write(to, at);
    return bytes;
  };

  it("of another version of the emulator is refused, and says which", async () => {
    await using lab = await Lab.boot(await Images.open(real));
    const other = await decodeCheckpoint(
      await withHeader("v86@0.5.462", "v86@0.5.461"),
      real.gunzip,
    );
    await expect(lab.restore(other)).rejects.toMatchObject({
      code: "state-mismatch",
      message: expect.stringMatching(/v86@0\.5\.461.*v86@0\.5\.462/s),
    });
    await lab.restore();
    expect(await lab.sh("true")).toMatchObject({ outcome: "exited", exitCode: 0 });
  });

  it("of another kernel is refused, and says which", async () => {
    await using lab = await Lab.boot(await Images.open(real));
    const header = `"kernelRelease":"${lab.kernel.release}"`;
    const bytes = await withHeader(header, header.replace("6.1.", "6.0."));
    await expect(lab.restore(await decodeCheckpoint(bytes, real.gunzip))).rejects.toMatchObject({
      code: "foreign-checkpoint",
      message: expect.stringContaining(lab.kernel.release),
    });
  });

  it("that is cut off or is something else is refused", async () => {
    const bytes = await snapshot;
    for (const length of [0, 4, 12, 500, bytes.length - 1000]) {
      const part = bytes.subarray(0, length);
      await expect(decodeCheckpoint(part, real.gunzip)).rejects.toMatchObject({
        code: "image-corrupt",
      });
    }
  });
});

describe("a module", () => {
  const hello = "/home/student/1-load/hello.ko";
  const problemOf = (lab: Lab, bytes: Uint8Array): ModuleError => {
    try {
      checkModule("hello.ko", bytes, lab.machine.arch, lab.kernel);
    } catch (error) {
      if (error instanceof ModuleError) return error;
      throw error;
    }
    throw new Error("The module was accepted.");
  };

  it("of another kind, architecture or kernel is refused before it is loaded", async () => {
    await using lab = await Lab.boot(await Images.open(real));
    const good = lab.files.readFile("student/1-load/hello.ko");
    expect(checkModule("hello.ko", good, lab.machine.arch, lab.kernel).name).toBe("hello");

    const text = new TextEncoder().encode("#!/bin/sh\n");
    expect(problemOf(lab, text).problem).toEqual({ kind: "not-elf" });
    const program = lab.files.readFile("student/2-fops/a.out");
    expect(problemOf(lab, program).problem).toEqual({ kind: "not-a-module" });

    // e_machine is the half word at 18 of the ELF header; 62 is EM_X86_64.
    const foreign = good.slice();
    foreign[18] = 62;
    expect(problemOf(lab, foreign).problem).toEqual({
      kind: "wrong-architecture",
      expected: "i386",
      found: "x86-64",
    });

    const other = Buffer.from(good);
    other.write("vermagic=5", other.indexOf("vermagic=6"));
    const error = problemOf(lab, other);
    expect(error.problem).toEqual({
      kind: "wrong-kernel",
      expected: lab.kernel.vermagic.trim(),
      found: lab.kernel.vermagic.trim().replace(/^6/, "5"),
    });
    expect(error.message).toContain("expected vermagic: 6.1.");

    // The guest's own kernel says the same of it, which is why it is not even asked.
    lab.files.writeFile("student/other.ko", other);
    await expect(lab.insmod("/home/student/other.ko")).rejects.toBeInstanceOf(ModuleError);
    await lab.sh("cp other.ko /tmp; insmod /tmp/other.ko", { cwd: "/home/student" });
    expect(lab.kernelLog().at(-1)?.text).toMatch(/version magic '5\..* should be '6\.1\./);
    expect(await lab.insmod(hello)).toMatchObject({ outcome: "exited", exitCode: 0 });
  });

  it("that is cut off anywhere never gets past the check with another error", async () => {
    await using lab = await Lab.boot(await Images.open(real));
    const good = lab.files.readFile("student/1-load/hello.ko");
    for (let length = 0; length < good.length; length += 997) {
      expect(problemOf(lab, good.subarray(0, length)).code).toBe("bad-module");
    }
  });
});
