import { once } from "node:events";
import type { Command } from "commander";
import { IMAGES_FOLDER } from "../../node/index.js";
import type { CliContext } from "../context.js";
import { InputError } from "../errors.js";
import { EXIT_OK } from "../exit-status.js";
import { portOption } from "../free-port.js";
import { DEFAULT_GDB_PORT } from "../gdb/listen.js";
import { PageDebugging } from "../gdb/page-debugging.js";
import { DEFAULT_PORT, listen } from "./listen.js";
import { openBrowser } from "./open-browser.js";
import { isBuilt, SITE_FOLDER, siteHandler } from "./site.js";

interface ServeCommandOptions {
  readonly port?: number;
  readonly gdb?: number | true;
  readonly open?: true;
}

const HELP = `
Serves the lab's page to browsers on this machine, and prints its address. The
machine runs in the browser: the server only hands out files.

With --gdb, a debugger can reach the page's guest: open the address that is
printed, and start gdb as it says there. Nobody else can: it is offered to this
machine's users alone, and the page has to know a secret of this run.

Examples:
  kspace serve
  kspace serve --gdb
  kspace serve --port 8080 --open

Ctrl-C ends it. Exit status: 0 when it was ended, 2 when the port cannot be
used.`;

/** Adds `kspace serve`. */
export function addServeCommand(
  program: Command,
  context: CliContext,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("serve")
    .description("the lab as a page, for a browser on this machine")
    .option(
      "--port <number>",
      `the port to serve on (default: ${DEFAULT_PORT}, or the next that is free)`,
      portOption("--port"),
    )
    .option("--open", "open the page in the browser")
    .option(
      "--gdb [port]",
      `let gdb debug the page's guest, at ${DEFAULT_GDB_PORT} or this port`,
      portOption("--gdb"),
    )
    .addHelpText("after", HELP)
    .action(async (options: ServeCommandOptions) => {
      await serve(context, options);
      finish(EXIT_OK);
    });
}

async function serve(context: CliContext, { port, open, gdb }: ServeCommandOptions): Promise<void> {
  if (!isBuilt(SITE_FOLDER)) {
    throw new InputError(`There is no page in ${SITE_FOLDER}. Build it with \`npm run build\`.`);
  }
  const handler = siteHandler({ site: SITE_FOLDER, images: IMAGES_FOLDER });
  await using debugging =
    gdb === undefined
      ? undefined
      : await PageDebugging.open(gdb === true ? undefined : gdb, context.env);
  await using server = await listen(handler, port, debugging?.handleUpgrade);
  const url = `${server.url}${debugging?.fragment ?? ""}`;
  context.stdout.write(`The lab is at ${url}\n${debugging?.instructions() ?? ""}`);
  if (context.stdout.isTTY === true) context.stderr.write("Ctrl-C ends it.\n");
  if (open && !(await openBrowser(url))) {
    context.stderr.write("No browser could be opened: open the address yourself.\n");
  }
  if (!context.signal.aborted) await once(context.signal, "abort");
}
