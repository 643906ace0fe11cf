import { expect, it } from "vitest";
import type { HostCommand } from "../../console/index.js";
import type { BuildFetch, BuildFetchPart } from "./build.js";
import { FetchNotice } from "./fetch-notice.js";

/** A command that notes what it says on standard error. */
function listen(stderrIsTerminal: boolean): { command: HostCommand; said: string[] } {
  const said: string[] = [];
  const command: HostCommand = {
    name: "make",
    args: [],
    folder: "/home/student",
    stdoutIsTerminal: stderrIsTerminal,
    stderrIsTerminal,
    colours: false,
    caller: { pid: 1, uid: 1000, gid: 1000 },
    signal: new AbortController().signal,
    stdout: () => undefined,
    stderr: (text) => void said.push(String(text)),
  };
  return { command, said };
}

function fetching(part: BuildFetchPart, loadedBytes: number, totalBytes: number): BuildFetch {
  return { state: "fetching", part, loadedBytes, totalBytes };
}

it("writes over one line of a terminal, and erases it in the end", () => {
  const { command, said } = listen(true);
  const notice = new FetchNotice(command);
  notice.show(fetching("compiler", 0, 10_000_000));
  notice.show(fetching("compiler", 1_000, 10_000_000));
  notice.show(fetching("headers", 500_000, 1_000_000));
  notice.show({ state: "fetched", part: "compiler", totalBytes: 10_000_000 });
  notice.show({ state: "fetched", part: "headers", totalBytes: 1_000_000 });
  notice[Symbol.dispose]();
  expect(said).toEqual([
    "\r\x1b[Kmake: fetching the compiler: 0 % of 10.0 MB",
    "\r\x1b[Kmake: fetching the compiler, the kernel's headers: 4 % of 11.0 MB",
    "\r\x1b[K",
  ]);
});

it("erases it also when nothing comes of it", () => {
  const { command, said } = listen(true);
  {
    using notice = new FetchNotice(command);
    notice.show(fetching("library", 1, 2_000_000));
  }
  expect(said).toEqual(["\r\x1b[Kmake: fetching the C library: 0 % of 2.0 MB", "\r\x1b[K"]);
});

it("says it once elsewhere, and of the compiler alone", () => {
  const { command, said } = listen(false);
  const notice = new FetchNotice(command);
  notice.show(fetching("headers", 0, 1_000_000));
  notice.show(fetching("compiler", 0, 10_000_000));
  notice.show(fetching("compiler", 5_000_000, 10_000_000));
  notice.show({ state: "failed", part: "compiler", error: new Error("the network is gone") });
  notice[Symbol.dispose]();
  expect(said).toEqual(["make: fetching the compiler (10.0 MB)\n"]);
});
