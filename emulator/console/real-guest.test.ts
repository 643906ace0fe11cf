/** The control line to the real agent in the real guest, without a lab around it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Images } from "../lab/index.js";
import { type LabParts, loadParts } from "../lab/parts.js";
import { nodeImageSource } from "../node/image-source.js";
import { ControlLine } from "./control-line.js";

const ROOT = { argv: [] as string[], env: ["PATH=/bin:/sbin:/usr/bin"] };

let parts: LabParts;
let control: ControlLine;

beforeAll(async () => {
  parts = await loadParts(await Images.open(nodeImageSource()), {});
  const { machine, server, snapshot } = parts;
  const line = machine.serial[1];
  if (snapshot === undefined || line === undefined) throw new Error("No snapshot, or no line");
  machine.restore(snapshot.machine);
  server.restoreSession(snapshot.files);
  control = new ControlLine(line, {
    now: () => machine.sample().guestMs,
    after: (ms, callback) => machine.afterGuestMs(ms, callback),
  });
  machine.run();
  await control.connect();
});

afterAll(() => {
  control[Symbol.dispose]();
  parts.machine.destroy();
});

function sh(script: string) {
  return control.exec({ ...ROOT, argv: ["/bin/sh", "-c", script] });
}

/** Waits until a serial line has brought so many bytes more. */
function untilOutput(port: number, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = 0;
    const done = (settle: () => void): void => {
      listening?.[Symbol.dispose]();
      bound[Symbol.dispose]();
      settle();
    };
    const listening = parts.machine.serial[port]?.onOutput(({ length }) => {
      seen += length;
      if (seen >= bytes) done(resolve);
    });
    const bound = parts.machine.afterGuestMs(10_000, () =>
      done(() => reject(new Error(`Only ${seen} bytes came on line ${port} within 10 s.`))),
    );
  });
}

it.each([
  ["nothing", ":", undefined],
  ["a flood of the terminal", "exec yes a flood of the terminal > /dev/ttyS0", 0],
  [
    "a flood of the kernel log",
    "echo on > /proc/sys/kernel/printk_devkmsg; while :; do echo a flood; done > /dev/kmsg",
    2,
  ],
  ["a flood of forks", "while :; do /bin/true; done", undefined],
  ["a flood of a command's own output", "exec yes", undefined],
])("a ping is answered within 200 ms during %s", async (_, script, port) => {
  const load = sh(script);
  await load.pid;
  if (port !== undefined) await untilOutput(port, 20_000);
  const answers: number[] = [];
  for (let round = 0; round < 20; round++) answers.push(await control.ping());
  load.kill("SIGKILL");
  await load.exit;
  expect(Math.max(...answers), `guest milliseconds: ${answers}`).toBeLessThan(200);
});

it("a new session ends what ran in the former one", async () => {
  const before = sh("exec sleep 4242");
  const pid = await before.pid;
  const lost = expect(before.exit).rejects.toMatchObject({ code: "reset" });
  await control.connect();
  await lost;
  // The agent kills it before it answers, and the kernel is not slower than that.
  expect(await sh(`kill -0 ${pid} 2>/dev/null`).exit).toMatchObject({ kind: "exited", code: 1 });
});

it("a session survives noise that the host and the guest make", async () => {
  const noise = Uint8Array.from({ length: 64 }, (_, index) => (index * 37) % 256);
  using _listening = parts.machine.onSlice(() => parts.machine.serial[1]?.write(noise));
  let output = "";
  const command = control.exec(
    {
      ...ROOT,
      argv: [
        "/bin/sh",
        "-c",
        "i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo x >/dev/ttyS1; echo $i; done",
      ],
    },
    {
      onStdout: (bytes) => {
        output += new TextDecoder().decode(bytes);
      },
    },
  );
  expect(await command.exit).toMatchObject({ kind: "exited", code: 0 });
  expect(output).toBe(Array.from({ length: 50 }, (_, index) => `${index + 1}\n`).join(""));
});
