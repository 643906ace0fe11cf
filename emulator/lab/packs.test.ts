/** Packs that come late, damaged or not at all, and what a guest may do to them. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { instructionClock } from "../machine/clock.js";
import {
  type ImageSource,
  Images,
  Lab,
  type LabOptions,
  nodeImageSource,
  openKernelSources,
  type PackFetch,
} from "../node/index.js";
import { readPackIndex } from "./pack-index.js";
import { outputOf, shell, text, waitInGuest } from "./test-support/guest.js";

vi.setConfig({ testTimeout: 120_000 });

const real = nodeImageSource();
const PACKS = "i686/packs/";
const START_GDB = "gdb --version | head -n 1";
const GDB_STARTS = /^GNU gdb \(Debian /;

type ReadPack = (path: string) => Promise<Uint8Array>;

/** The real images, but for how the packs' archives are read. */
function withPacks(readPack: ReadPack): ImageSource {
  return {
    ...real,
    readImage: (path, signal) =>
      path.startsWith(PACKS) ? readPack(path) : real.readImage(path, signal),
  };
}

async function bootWith(
  readPack: ReadPack,
  options: LabOptions = {},
): Promise<{ lab: Lab; fetches: PackFetch[] }> {
  const lab = await Lab.boot(await Images.open(withPacks(readPack)), options);
  const fetches: PackFetch[] = [];
  lab.packs.onFetch((fetch) => fetches.push(fetch));
  return { lab, fetches };
}

function listArchive(name: string): string[] {
  const path = fileURLToPath(new URL(`../../images/${name}`, import.meta.url));
  return execFileSync("tar", ["-tvzf", path], { encoding: "utf8" }).trimEnd().split("\n");
}

describe("the index of the packs", () => {
  it("is small, and says what the archives hold", async () => {
    const images = await Images.open(real);
    expect((await images.read("i686/packs.json.gz")).length).toBeLessThan(20_000);
    for (const { archive, files, bytes } of await readPackIndex(images, "i686")) {
      expect((await images.read(archive)).length).toBe(bytes);
      const indexed = files.map(([path, mode, size]) => `${modeText(mode)} 0/0 ${size} ${path}`);
      const found = listArchive(archive).map((line) => {
        const [mode, owner, size, , , path] = line.split(/ +/);
        return `${mode} ${owner === "root/root" ? "0/0" : owner} ${size} ${path}`;
      });
      expect(indexed).toEqual(found);
    }
  });
});

/** As ls(1) shows the mode of a plain file. */
function modeText(mode: number): string {
  return `-${["r", "w", "x"]
    .concat(["r", "w", "x"], ["r", "w", "x"])
    .map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : "-"))
    .join("")}`;
}

describe("a pack that cannot be had", () => {
  it("is an I/O error of who opens it, and an event; the next one tries again", async () => {
    let attempt = 0;
    const { lab, fetches } = await bootWith(async (path) => {
      attempt += 1;
      if (attempt === 1) throw new Error("offline");
      const bytes = Uint8Array.from(await real.readImage(path));
      if (attempt === 2) bytes.fill(0, 100, 200);
      return bytes;
    });
    await using _lab = lab;
    for (const code of ["image-missing", "image-corrupt"]) {
      const result = await lab.sh("exec gdb --version", { user: "student" });
      expect(result).toMatchObject({ outcome: "exited" });
      expect(text(result.stderr)).toContain("I/O error");
      expect(fetches.at(-1)).toMatchObject({ pack: "gdb", state: "failed", error: { code } });
      expect(await shell(lab, "echo the lab lives")).toBe("the lab lives\n");
    }
    expect(await shell(lab, START_GDB)).toMatch(GDB_STARTS);
    expect(fetches.map(({ state }) => state)).toEqual([
      ...["fetching", "failed", "fetching", "failed", "fetching", "fetched"],
    ]);
  });
});

describe("a pack that is long in coming", () => {
  it("lets the guest wait, which is no freeze, and a rescue ends the wait", async () => {
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { lab, fetches } = await bootWith(
      async (path) => {
        await arrived;
        return real.readImage(path);
      },
      // Guest time passes as fast as the guest can idle.
      { clock: instructionClock(), coldBoot: false },
    );
    await using _lab = lab;
    const waiting = lab.sh("exec gdb --version", { user: "student" });
    const asked = await waitInGuest(lab, 60_000, "the pack's fetch", () => fetches[0]);
    expect(asked).toMatchObject({ pack: "gdb", state: "fetching" });
    const since = lab.machine.sample().guestMs;
    await waitInGuest(lab, 120_000, "a minute", () =>
      lab.machine.sample().guestMs > since + 60_000 ? true : undefined,
    );
    expect(lab.doom).toBeUndefined();
    expect(lab.verdict).toEqual({ state: "alive" });

    await lab.restore();
    expect((await waiting).outcome).toBe("lost");
    expect(await shell(lab, "echo the lab lives")).toBe("the lab lives\n");
    arrive();
    expect(await shell(lab, START_GDB)).toMatch(GDB_STARTS);
    expect(fetches.map(({ state }) => state)).toEqual(["fetching", "fetched"]);
  });

  it("does not keep a program from being killed", async () => {
    const { lab } = await bootWith(() => new Promise<never>(() => undefined));
    await using _lab = lab;
    const result = await lab.sh("exec gdb --version", { user: "student", timeoutMs: 500 });
    expect(result.outcome).toBe("timeout");
    expect(await shell(lab, "pidof gdb || echo none")).toBe("none\n");
  });
});

describe("the files of packs", () => {
  let lab: Lab;

  beforeAll(async () => {
    ({ lab } = await bootWith((path) => real.readImage(path)));
  });

  afterAll(() => lab.close());

  it("are root's, and not in anybody's home", async () => {
    const list = "stat -c '%U %a %s' /usr/bin/gdb -L; ls -A /home; ls /usr/src/linux-source-6.1/mm";
    const [program, ...others] = (await shell(lab, list)).trimEnd().split("\n");
    expect(program).toMatch(/^root 755 9\d{6}$/);
    expect(others).toEqual(["student", ...["slab.h", "slab_common.c", "slub.c", "usercopy.c"]]);
    expect(lab.files.list("/")).toEqual(["student"]);
    expect(lab.files.usage.bytes).toBeLessThan(1_000_000);
  });

  it.each([
    "echo > /usr/bin/gdb",
    "rm /opt/gdb/usr/bin/gdb",
    "mv /opt/gdb/usr/bin/gdb /opt/gdb/usr/bin/other",
    "touch /opt/new",
    "chmod 777 /usr/bin/gdb",
  ])("cannot be changed, not even by root: %s", async (command) => {
    const result = await lab.sh(command);
    expect(text(result.stderr)).toContain("Read-only file system");
    await shell(lab, "mount -o remount,rw /opt");
    const writable = await lab.sh(command);
    await shell(lab, "mount -o remount,ro /opt");
    expect(text(writable.stderr)).toContain("Read-only file system");
  });

  it("are as they were after that", async () => {
    expect(outputOf(await lab.sh(START_GDB))).toMatch(GDB_STARTS);
  });
});

describe("the kernel's sources", () => {
  const archive = "i686/packs/linux-source.tar.gz";
  const uaccess = execFileSync("tar", ["-xzOf", `images/${archive}`, "include/linux/uaccess.h"], {
    encoding: "utf8",
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });

  it("are fetched for the first that is there, and read by what debug information calls them", async () => {
    const read: string[] = [];
    const source = withPacks((path) => {
      read.push(path);
      return real.readImage(path);
    });
    const sources = await openKernelSources(await Images.open(source), "i686");
    expect(await sources.read("/usr/src/linux-source-6.1/no/such.c")).toBeUndefined();
    expect(await sources.read("/home/student/4-debugging/hello.c")).toBeUndefined();
    expect(await sources.read("/usr/src/linux-source-6.1")).toBeUndefined();
    expect(read).toEqual([]);
    for (const path of [
      "/usr/src/linux-source-6.1/./include/linux/uaccess.h",
      "/usr/src/linux-source-6.1/mm/../include/linux/uaccess.h",
      "./include/linux/uaccess.h",
      "include/linux/uaccess.h",
    ]) {
      expect(await sources.read(path), path).toBe(uaccess);
    }
    expect(await sources.read("mm/usercopy.c")).toContain("usercopy_abort(const char *name");
    expect(read).toEqual([archive]);
  });

  it("that do not come are an error, and are asked for again", async () => {
    let attempts = 0;
    const source = withPacks((path) => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Error("offline")) : real.readImage(path);
    });
    const sources = await openKernelSources(await Images.open(source), "i686");
    await expect(sources.read("mm/slub.c")).rejects.toMatchObject({ code: "image-missing" });
    expect(await sources.read("mm/slub.c")).toContain("kmem_cache_alloc");
  });
});
