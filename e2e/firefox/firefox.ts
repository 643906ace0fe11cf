import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BidiSession } from "./bidi-session.js";

const START_MS = 60_000;
const LISTENING = /WebDriver BiDi listening on (ws:\/\/\S+)/;

/** Nothing but the page under test takes time or the network. */
const PREFERENCES = {
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
};

/**
 * A Firefox as distributions ship it, without a window, driven over WebDriver BiDi. Playwright
 * drives only builds of its own: its client for BiDi asks a stock Firefox for things that it does
 * not know.
 */
export class Firefox implements AsyncDisposable {
  readonly session: BidiSession;
  readonly #process: ChildProcess;
  readonly #profile: string;

  private constructor(session: BidiSession, child: ChildProcess, profile: string) {
    this.session = session;
    this.#process = child;
    this.#profile = profile;
  }

  static async launch(program: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), "kspace-firefox-"));
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    await writeFile(join(profile, "user.js"), lines.join(""));
    const args = ["--headless", "--no-remote", "--profile", profile];
    const child = spawn(program, [...args, "--remote-debugging-port", "0", "about:blank"], {
      stdio: ["ignore", "ignore", "pipe"],
      // Its caches, and where it looks for its like, belong to the profile, too.
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: "1" },
    });
    try {
      return new Firefox(await BidiSession.connect(await addressOf(child)), child, profile);
    } catch (error) {
      await end(child, profile);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session[Symbol.dispose]();
    await end(this.#process, this.#profile);
  }
}

/** Waits for the address that it says it listens on. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string): void => reject(new Error(`${why} It said:\n${said}`));
    const timer = setTimeout(() => fail(`Firefox did not listen in ${START_MS} ms.`), START_MS);
    child.on("error", reject);
    child.on("exit", (code) => fail(`Firefox ended as it started, with status ${code}.`));
    child.stderr?.on("data", (chunk) => {
      said += chunk;
      const address = LISTENING.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

async function end(child: ChildProcess, profile: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }
  // Its helpers end a moment later, and until then write into it.
  await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
