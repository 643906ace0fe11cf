/** The user's files belong to the host: a restore of the guest never takes them back. */
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootLab, type Lab } from "../node/index.js";
import { outputOf, shell, text } from "./test-support/guest.js";

const HOME = "/home/student";

let lab: Lab;

beforeAll(async () => {
  lab = await bootLab();
});

afterAll(() => lab.close());

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

describe("files under /home", () => {
  it("that the host writes are in the guest at once, and the other way round", async () => {
    await lab.writeFile(`${HOME}/from-host`, "one\n");
    expect(await shell(lab, `cat ${HOME}/from-host`)).toBe("one\n");
    await lab.writeFile(`${HOME}/from-host`, "two, and longer\n");
    expect(await shell(lab, `cat ${HOME}/from-host; echo three > ${HOME}/from-guest`)).toBe(
      "two, and longer\n",
    );
    expect(text(await lab.readFile(`${HOME}/from-guest`))).toBe("three\n");
  });

  it("survive a restore, whoever wrote them", async () => {
    await lab.checkpoint();
    await lab.writeFile(`${HOME}/kept-1`, "by the host");
    await shell(
      lab,
      `echo -n by the guest > ${HOME}/kept-2; rm -f ${HOME}/from-host; echo > /tmp/lost`,
    );
    await lab.restore();
    const look = `cd ${HOME}; cat kept-1 kept-2; ls from-host /tmp/lost 2>&1 | grep -c 'No such'`;
    expect(await shell(lab, look)).toBe("by the hostby the guest2\n");
  });

  it("of 20 MB arrive whole, both ways", async () => {
    const bytes = randomBytes(20 * 1024 * 1024);
    await lab.writeFile(`${HOME}/big`, bytes);
    expect(await shell(lab, `md5sum < ${HOME}/big; cp ${HOME}/big ${HOME}/copy`)).toContain(
      md5(bytes),
    );
    expect(md5(await lab.readFile(`${HOME}/copy`))).toBe(md5(bytes));
    await shell(lab, `rm ${HOME}/big ${HOME}/copy`);
  });

  it("that are programs run as soon as the host has written them", async () => {
    await lab.writeFile(`${HOME}/script`, '#!/bin/sh\necho "$0 $1"\n', 0o755);
    expect(outputOf(await lab.run("./script", { cwd: HOME, args: ["x"] }))).toBe("./script x\n");
  });

  it("fill up their tree with an error, and not the lab", async () => {
    const { byteLimit } = lab.files.usage;
    const script = `dd if=/dev/zero of=${HOME}/full bs=1M count=1 seek=${byteLimit / 2 ** 20} 2>&1;
      i=0; while dd if=/dev/zero of=${HOME}/full.$i bs=1M count=64 2>/tmp/error; do i=$((i+1)); done
      cat /tmp/error; rm ${HOME}/full*`;
    expect(await shell(lab, script)).toContain("No space left on device");
    expect(await shell(lab, `echo again > ${HOME}/room; cat ${HOME}/room`)).toBe("again\n");
  });
});

describe("what the guest has open at a checkpoint", () => {
  it("stays open over a restore: descriptors, also of renamed and removed files", async () => {
    // Descriptor 6 is opened for both directions, so neither end of the pipe ever waits for it.
    const open = "mkfifo /tmp/fifo; exec 3>>renamed 4>>removed 5>>open 6<>/tmp/fifo;";
    const loop = "while read -r line <&6; do for f in 3 4 5; do echo $line >&$f; done; done";
    await shell(lab, `cd ${HOME}; (${open} ${loop}) > /dev/null 2>&1 &`);
    await shell(lab, `until [ -e ${HOME}/open ]; do usleep 1000; done`);
    await Promise.all([fileHolds("open", "before\n"), shell(lab, "echo before > /tmp/fifo")]);
    await lab.checkpoint();

    lab.files.rename("student/renamed", "student/other-name");
    lab.files.remove("student/removed");
    await lab.restore();
    const both = "before\nafter\n";
    await Promise.all([fileHolds("open", both), shell(lab, "echo after > /tmp/fifo")]);
    expect(text(await lab.readFile(`${HOME}/other-name`))).toBe(both);
    expect(lab.files.exists("student/removed")).toBe(false);
  });

  it("stays where it is over a restore: a shell's working directory", async () => {
    await shell(lab, `mkdir -p ${HOME}/deep/down`);
    await typed("cd ~/deep/down");
    await lab.checkpoint();
    await lab.writeFile(`${HOME}/deep/down/note`, "still here\n");
    await lab.restore();
    await typed("cat note > seen; pwd >> seen");
    expect(text(await lab.readFile(`${HOME}/deep/down/seen`))).toBe(
      `still here\n${HOME}/deep/down\n`,
    );
  });
});

/** Waits until a file of the student's holds this, whoever writes it. */
function fileHolds(name: string, content: string): Promise<void> {
  const path = `student/${name}`;
  return new Promise((resolve) => {
    const check = (): void => {
      if (!lab.files.exists(path) || text(lab.files.readFile(path)) !== content) return;
      listening[Symbol.dispose]();
      resolve();
    };
    const listening = lab.files.onChange(check);
    check();
  });
}

/** Types a command at the terminal's shell, and waits until it has ended. */
async function typed(command: string): Promise<void> {
  const mark = Math.random().toString(36).slice(2);
  lab.terminal.write(`${command}; echo ${mark} > ~/typed\n`);
  await fileHolds("typed", `${mark}\n`);
}
