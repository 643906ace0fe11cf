/** The worker's side of a lab, as a page drives it, on a real guest. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeImageSource } from "../node/image-source.js";
import { labFailure } from "./failure.js";
import { packBytes, unpackBytes } from "./kept-bytes.js";
import { LabHost } from "./lab-host.js";
import type { LabAssets, LabFailure, LabInfo, UserFiles } from "./protocol.js";
import { SeenEvents } from "./test-support/seen-events.js";

const ASSETS: LabAssets = { images: "", engine: "", disassembler: "" };
const STUDENT = "/home/student";
/** The shell clears what is behind its prompt when it draws it again. */
const PROMPTS = ["$ ", "$ \x1b[J"];

let host: LabHost;
let seen: SeenEvents;
let info: LabInfo;

async function start(files: UserFiles = {}): Promise<void> {
  seen = new SeenEvents();
  host = new LabHost(() => nodeImageSource());
  info = await host.start(ASSETS, files, seen.take);
}

beforeEach(() => start());
afterEach(() => host.close());

function type(line: string): void {
  host.type(new TextEncoder().encode(`${line}\n`));
}

/** Types a line and waits until the guest waits for the next one. */
async function command(line: string): Promise<string> {
  const before = seen.terminal.length;
  type(line);
  const shown = await seen.until(`the prompt after ${line}`, ({ terminal }) => {
    const output = terminal.slice(before);
    return output.includes("\n") && PROMPTS.some((prompt) => output.endsWith(prompt))
      ? output
      : undefined;
  });
  return shown;
}

async function failureOf(work: () => unknown): Promise<LabFailure> {
  try {
    await work();
  } catch (error) {
    return labFailure(error);
  }
  throw new Error("It was to fail, and did not.");
}

function isLoaded(file: string): Promise<unknown> {
  return seen.untilEvent("guest", ({ guest }) =>
    guest.modules.some(({ name, file: of }) => name === "hello" && of === file),
  );
}

/** The course's third section: the machine freezes. */
async function freeze(): Promise<void> {
  await command("cd ~/3-locking && sudo insmod ./hello.ko");
  await isLoaded(`${STUDENT}/3-locking/hello.ko`);
  type("./a.out");
  await seen.untilEvent("status", ({ status }) => status.state === "frozen");
}

describe("a start", () => {
  it("says what the guest is and what it shows, messages and checkpoint included", async () => {
    expect(info).toMatchObject({ arch: "i686", engine: "v86@0.5.462", refusedFiles: [] });
    expect(info.kernelRelease).toMatch(/^6\.1\./);
    expect(seen.terminal).toContain("kspace: a 32-bit (i686) Linux");
    const [log] = seen.of("kernel-log-reset");
    expect(log?.records.at(0)?.text).toContain(info.kernelRelease);
    expect(
      seen
        .of("checkpoints")
        .at(-1)
        ?.checkpoints.map(({ id }) => id),
    ).toEqual([0]);
    await seen.untilEvent("status", ({ status }) => status.state === "idle");
    await seen.untilEvent("guest", ({ guest }) => guest.modules.length === 0);
  });

  it("goes on from what was prepared before anybody asked for it", async () => {
    await host.close();
    let opened = 0;
    host = new LabHost((_, onBytes) => {
      opened++;
      onBytes(1, 2);
      return nodeImageSource();
    });
    host.prepare(ASSETS);
    seen = new SeenEvents();
    info = await host.start(ASSETS, {}, seen.take);
    expect(opened).toBe(1);
    expect(seen.of("start")[0]?.start).toMatchObject({ step: "download", loadedBytes: 1 });
    expect(await command("uname -m")).toContain("i686");
  });

  it("tells what went wrong while it was prepared", async () => {
    const failing = new LabHost(() => {
      throw new TypeError("no network");
    });
    failing.prepare(ASSETS);
    const failure = await failureOf(() => failing.start(ASSETS, {}, () => undefined));
    expect(failure.message).toBe("no network");
    await failing.close();
  });

  it("is refused for a second time", async () => {
    const failure = await failureOf(() => host.start(ASSETS, {}, seen.take));
    expect(failure).toMatchObject({ code: "refused" });
  });

  it("has to come before anything else", async () => {
    const idle = new LabHost(() => nodeImageSource());
    expect(await failureOf(() => idle.rescue())).toMatchObject({ code: "refused" });
  });

  it("puts the user's files in the place of the course's, and says which it could not", async () => {
    await host.close();
    await start({
      written: {
        [`${STUDENT}/2-fops/hello.c`]: "mine\n",
        [`${STUDENT}/own/note`]: "new\n",
        "/etc/passwd": "no",
        [`${STUDENT}/2-fops`]: "a folder",
        [`${STUDENT}/../root/x`]: "no",
      },
      bytes: {
        [`${STUDENT}/own/program`]: await packBytes(Uint8Array.of(0, 1, 2), 0o750),
        [`${STUDENT}/own/damaged`]: { mode: 0o644, packed: "eJxjZA==" },
      },
      removed: [`${STUDENT}/2-fops/Makefile`, `${STUDENT}/3-locking`, `${STUDENT}/gone`],
      folders: [`${STUDENT}/empty`, `${STUDENT}/1-load/hello.c`],
    });
    expect(info.refusedFiles).toEqual([
      `${STUDENT}/own/damaged`,
      `${STUDENT}/1-load/hello.c`,
      "/etc/passwd",
      `${STUDENT}/2-fops`,
      `${STUDENT}/../root/x`,
    ]);
    expect(await host.listFiles(`${STUDENT}/2-fops`)).not.toContain("Makefile");
    // What is in it keeps it.
    expect(await host.listFiles(STUDENT)).toEqual(
      expect.arrayContaining(["3-locking/", "empty/", "own/"]),
    );
    expect(await command("cat 2-fops/hello.c own/note; ls -l own/note own/program | cat")).toMatch(
      /mine\r\nnew\r\n-rw-r--r-- +1 student +student[^\n]*note\r\n-rwxr-x--- +1 student +student +3/,
    );
    expect(seen.of("files")).toEqual([]);
  });
});

describe("what happens in the guest", () => {
  it("is told: output, messages, modules with the file that each is from, devices", async () => {
    await command("cd 2-fops; sudo insmod ./hello.ko");
    await isLoaded(`${STUDENT}/2-fops/hello.ko`);
    expect(seen.of("guest").at(-1)?.guest).toMatchObject({
      modules: [{ name: "hello", size: 16384, usedBy: [], file: `${STUDENT}/2-fops/hello.ko` }],
      devices: ["hello"],
    });
    const messages = seen.of("kernel-log").flatMap(({ records }) => records);
    expect(messages.map(({ text }) => text)).toContain("hello: loaded: read and write /dev/hello");

    await command("sudo rmmod hello; cd ../1-load; sudo insmod ./hello.ko");
    await isLoaded(`${STUDENT}/1-load/hello.ko`);
    seen.forget();
    await command("sudo rmmod hello");
    await seen.untilEvent("guest", ({ guest }) => guest.modules.length === 0);
    expect(seen.of("guest").at(-1)?.guest.devices).toEqual([]);
  });

  it("names the file that was loaded, not one that the kernel refused after it", async () => {
    await command("sudo insmod 2-fops/hello.ko; sudo insmod 1-load/hello.ko");
    expect(seen.terminal).toContain("can't insert '1-load/hello.ko': File exists");
    const { guest } = await seen.untilEvent("guest", ({ guest }) => guest.modules.length > 0);
    expect(guest.modules).toMatchObject([{ file: `${STUDENT}/2-fops/hello.ko` }]);
  });

  it("is told as a report when the kernel makes one", async () => {
    await command("cd 4-debugging; sudo insmod ./hello.ko; ./a.out");
    const { report } = await seen.untilEvent("report");
    expect(report.report.kind).toBe("usercopy");
    expect(report.culprit?.frame.symbol).toBe("hello_write");
  });

  it("is told of files, by their paths in the guest, and by whoever changed them", async () => {
    await command("echo text > note; mv 1-load first; rm 2-fops/Makefile");
    await host.writeFile(`${STUDENT}/2-fops/hello.c`, "edited\n");
    await seen.until("the host's change", (events) =>
      events.of("files").find(({ files }) => files.some(({ origin }) => origin === "host")),
    );
    const changes = new Map(
      seen.of("files").flatMap(({ files }) => files.map(({ path, ...rest }) => [path, rest])),
    );
    expect(changes.get(`${STUDENT}/note`)).toEqual({ change: "written", origin: "guest" });
    expect(changes.get(`${STUDENT}/1-load/hello.c`)).toEqual({
      change: "removed",
      origin: "guest",
    });
    expect(changes.get(`${STUDENT}/first/hello.c`)).toEqual({ change: "written", origin: "guest" });
    expect(changes.get(`${STUDENT}/2-fops/Makefile`)).toEqual({
      change: "removed",
      origin: "guest",
    });
    expect(changes.get(`${STUDENT}/2-fops/hello.c`)).toEqual({ change: "written", origin: "host" });
  });

  it("follows the size of the terminal, also after a rescue", async () => {
    await host.resize(132, 43);
    expect(await command("stty size")).toContain("43 132");
    await host.rescue();
    expect(await command("stty size")).toContain("43 132");
  });
});

describe("a freeze", () => {
  it("is told with its place, within a second, and a rescue takes it back", async () => {
    await freeze();
    const { status } = await seen.untilEvent(
      "status",
      ({ status: { state, place } }) => state === "frozen" && place !== undefined,
    );
    expect(status.place).toMatch(/^queued_spin_lock_slowpath\+0x/);
    expect(status.freeze?.reason).toBe("spinning-on-lock");
    expect(status.freeze?.silentMs).toBeLessThan(1000);
    // As the course has it: the program reads, and hello_read() waits for the lock.
    const { autopsy } = await seen.untilEvent("autopsy");
    expect(autopsy.finding).toMatchObject({
      kind: "spinning-on-lock",
      lock: { name: "hello_lock" },
      waiting: { function: "hello_read" },
    });
    const symbols = autopsy.frames.map(({ frame }) => frame.symbol);
    const inModule = symbols.indexOf("hello_read");
    expect(symbols.slice(inModule - 1, inModule + 3)).toEqual([
      "_raw_spin_lock",
      "hello_read",
      "vfs_read",
      "ksys_read",
    ]);
    const { holder } = await seen.untilEvent("holder");
    expect(holder).toMatchObject({
      kind: "known",
      acquired: { function: "hello_write", file: `${STUDENT}/3-locking/hello.c` },
      task: { command: "a.out", systemCall: "write" },
    });
    const refused = await failureOf(() => host.checkpoint("too late"));
    expect(refused.code).toBe("guest-down");

    await host.writeFile(`${STUDENT}/while-frozen`, "kept\n");
    seen.forget();
    expect(await host.rescue()).toBeGreaterThan(0);
    expect(seen.all.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["terminal-reset", "kernel-log-reset", "reports-reset"]),
    );
    expect(await command("cat while-frozen; lsmod | grep -c hello")).toContain("kept\r\n0");
    await seen.untilEvent("status", ({ status: { state } }) => state === "idle");
    await seen.untilEvent("guest", ({ guest }) => guest.modules.length === 0);
  });

  it("takes any number of rescues at once", async () => {
    await freeze();
    await Promise.all([host.rescue(), host.rescue(), host.goBackTo(0)]);
    expect(await command("echo $((40 + 2))")).toContain("42");
  });
});

describe("checkpoints", () => {
  it("bring back the modules of their time, and the files that those were from", async () => {
    await command("cd 3-locking; sudo insmod ./hello.ko");
    const { id } = await host.checkpoint("with hello");
    await command("sudo rmmod hello; cd ../2-fops; sudo insmod ./hello.ko");
    await isLoaded(`${STUDENT}/2-fops/hello.ko`);
    seen.forget();
    // Also the one that a rescue goes back to.
    await host.rescue();
    await isLoaded(`${STUDENT}/3-locking/hello.ko`);

    await host.goBackTo(0);
    await seen.untilEvent("guest", ({ guest }) => guest.modules.length === 0);
    seen.forget();
    host.forgetCheckpoint(id);
    expect(
      seen
        .of("checkpoints")
        .at(-1)
        ?.checkpoints.map(({ name }) => name),
    ).toEqual(["Start of the lab"]);
    expect(await failureOf(() => host.goBackTo(id))).toMatchObject({ code: "refused" });
    expect(await failureOf(() => host.forgetCheckpoint(0))).toMatchObject({ code: "refused" });
  });
});

describe("files", () => {
  it("are told apart from the course's, and put back by a reset", async () => {
    const path = `${STUDENT}/2-fops/hello.c`;
    const original = await host.originalOf(path);
    expect(original).toContain("hello_write");
    expect(await host.changeOf(path)).toEqual({ kind: "none" });
    await host.writeFile(path, "mine\n");
    await command("cd 2-fops; rm Makefile; mkdir -p sub/sub; echo x > sub/sub/own; ln -s a l");
    await command("dd if=/dev/zero of=zeros bs=64k count=5; rm hello-test.c; mkdir hello-test.c");
    const changeOf = (name: string) => host.changeOf(`${STUDENT}/2-fops/${name}`);
    expect(await changeOf("hello.c")).toEqual({ kind: "text", text: "mine\n" });
    expect(await changeOf("sub/sub/own")).toEqual({ kind: "text", text: "x\n" });
    expect(await changeOf("sub/sub")).toEqual({ kind: "folder" });
    expect(await changeOf("Makefile")).toEqual({ kind: "removed" });
    expect(await changeOf("zeros")).toEqual({ kind: "none" });
    await command("sudo insmod ./hello.ko");
    await command("dd if=/dev/zero of=hello.ko bs=1k count=1; chmod 755 hello.ko");
    const built = await changeOf("hello.ko");
    if (built.kind !== "bytes") throw new Error(`hello.ko is ${built.kind}.`);
    expect(built.bytes.mode).toBe(0o755);
    expect(await unpackBytes(built.bytes)).toEqual(new Uint8Array(1024));
    // Too large to be kept; but the course's own, made of another source, is not to come back.
    await command("dd if=/dev/zero of=hello.ko bs=64k count=5");
    expect(await changeOf("hello.ko")).toEqual({ kind: "removed" });
    expect(await changeOf("a.out")).toEqual({ kind: "none" });
    expect(await changeOf("..gone")).toEqual({ kind: "none" });
    expect(await host.changeOf(`${STUDENT}/2-fops`)).toEqual({ kind: "none" });
    expect(await host.listFiles(`${STUDENT}/2-fops`)).toContain("sub/");

    await host.resetFolder(`${STUDENT}/2-fops`);
    expect(new TextDecoder().decode(await host.readFile(path))).toBe(original);
    expect(await host.listFiles(`${STUDENT}/2-fops`)).toEqual([
      "Makefile",
      "a.out",
      "hello-fops.c",
      "hello-test.c",
      "hello.c",
      "hello.ko",
    ]);
    expect(await command("cd 2-fops; lsmod | grep -c hello; ./a.out; ls -l a.out")).toMatch(
      /0\r\n[\s\S]*-rwxr-xr-x +1 student +student/,
    );
    expect(await changeOf("hello.ko")).toEqual({ kind: "none" });
  });

  it("are made, moved and removed, and the guest sees it at once", async () => {
    const folder = `${STUDENT}/2-fops`;
    await host.makeFolder(`${folder}/mine`);
    await host.writeBytes(`${folder}/mine/raw`, Uint8Array.of(0, 255));
    await host.renameFile(`${folder}/hello-test.c`, `${folder}/mine/test.c`);
    await host.removeFile(`${folder}/Makefile`);
    expect(await command("cd 2-fops; ls mine | cat; ls | cat; wc -c mine/raw")).toContain(
      ["raw", "test.c", "a.out", "hello-fops.c", "hello.c", "hello.ko", "mine", "2 mine/raw"].join(
        "\r\n",
      ),
    );
    const changes = seen.of("files").flatMap(({ files }) => files);
    for (const [name, change] of [
      ["mine", "made"],
      ["mine/raw", "written"],
      ["hello-test.c", "removed"],
      ["mine/test.c", "written"],
      ["Makefile", "removed"],
    ]) {
      expect(changes).toContainEqual({ path: `${folder}/${name}`, change, origin: "host" });
    }
    expect(await failureOf(() => host.renameFile(`${folder}/hello.c`, `${folder}/mine`))).toEqual({
      code: "EEXIST",
      message: expect.stringContaining("choose another name"),
    });
    expect(await failureOf(() => host.removeFile("/etc/passwd"))).toMatchObject({
      code: "refused",
    });
  });

  it("outside of the user's folder are no business of a reset's", async () => {
    expect(await failureOf(() => host.resetFolder("/etc"))).toMatchObject({ code: "refused" });
    expect(await failureOf(() => host.resetFolder(`${STUDENT}/none`))).toMatchObject({
      code: "refused",
    });
    const missing = await failureOf(() => host.readFile(`${STUDENT}/none`));
    expect(missing).toMatchObject({ code: "ENOENT" });
  });

  it("that debug information names are read from the guest and from the kernel's sources", async () => {
    expect(await host.readSource(`${STUDENT}/1-load/hello.c`)).toContain("hello_init");
    expect(await host.readSource("./include/linux/uaccess.h")).toContain("copy_from_user");
    expect(await host.readSource("/nowhere.c")).toBeUndefined();
    expect(seen.of("pack")).toEqual([]);
  });
});

describe("a build", () => {
  const WHAT = { module: "hello", folder: `${STUDENT}/2-fops` };

  it("tells what is fetched for it, and puts the module into the guest", async () => {
    const { outcome } = await host.build(WHAT);
    expect(outcome).toBe("built");
    const fetched = seen.of("build-fetch").map(({ fetch }) => `${fetch.part} ${fetch.state}`);
    expect(fetched).toEqual(expect.arrayContaining(["compiler fetched", "headers fetched"]));
    await command("sudo insmod 2-fops/hello.ko && 2-fops/a.out");
    expect(seen.terminal).toContain("hello: loaded");
  });

  it("of a source that is wrong says where", async () => {
    const build = await host.build({ ...WHAT, files: { "hello.c": "int x = y;\n" } });
    expect(structuredClone(build)).toMatchObject({
      outcome: "failed",
      diagnostics: [{ severity: "error", message: "use of undeclared identifier 'y'" }],
    });
  });

  it("is cancelled, and the next one is not", async () => {
    const first = failureOf(() => host.build(WHAT));
    host.cancelBuild();
    expect(await first).toMatchObject({ code: "aborted" });
    const second = failureOf(() => host.build(WHAT));
    const third = host.build(WHAT, { colours: true });
    expect(await second).toMatchObject({ code: "superseded" });
    expect(await third).toMatchObject({ outcome: "built" });
  });
});
