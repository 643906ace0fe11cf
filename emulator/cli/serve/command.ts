import { once } from "node:events";
import type { Command } from "commander";
import { IMAGES_FOLDER } from "../../node/index.js";
import type { CliContext } from "../context.js";
import { InputError } from "../errors.js";
import { EXIT_OK } from "../exit-status.js";
import { DEFAULT_PORT, listen } from "./listen.js";
import { openBrowser } from "./open-browser.js";
import { isBuilt, SITE_FOLDER, siteHandler } from "./site.js";

interface ServeCommandOptions {
  readonly port?: number;
  readonly open?: true;
}

const HELP = `
Serves the lab's page to browsers on this machine, and prints its address. The
machine runs in the browser: the server only hands out files.

Examples:
  kspace serve
  kspace serve --port 8080 --open

Ctrl-C ends it. Exit status: 0 when it was ended, 2 when the port cannot be
used.`;

const LARGEST_PORT = 65_535;

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
      parsePort,
    )
    .option("--open", "open the page in the browser")
    .addHelpText("after", HELP)
    .action(async (options: ServeCommandOptions) => {
      await serve(context, options);
      finish(EXIT_OK);
    });
}

async function serve(context: CliContext, { port, open }: ServeCommandOptions): Promise<void> {
  if (!isBuilt(SITE_FOLDER)) {
    throw new InputError(`There is no page in ${SITE_FOLDER}. Build it with \`npm run build\`.`);
  }
  const handler = siteHandler({ site: SITE_FOLDER, images: IMAGES_FOLDER });
  await using server = await listen(handler, port);
  context.stdout.write(`The lab is at ${server.url}\n`);
  if (context.stdout.isTTY === true) context.stderr.write("Ctrl-C ends it.\n");
  if (open && !(await openBrowser(server.url))) {
    context.stderr.write("No browser could be opened: open the address yourself.\n");
  }
  if (!context.signal.aborted) await once(context.signal, "abort");
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= LARGEST_PORT) return port;
  throw new InputError(`--port ${text}: a port is a number from 0 (any) to ${LARGEST_PORT}.`);
}
