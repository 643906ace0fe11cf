// Makes a fresh clone usable: installs the npm packages and compiles when that is needed.
// It runs before anything is installed, so it is plain JavaScript and uses Node alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = 20;
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const installedStamp = join(root, "node_modules", ".kspace-lock-sha256");
const builtStamp = join(root, "dist", ".built");

const [major] = process.versions.node.split(".");
if (Number(major) < OLDEST_NODE) {
  fail(`kspace needs Node ${OLDEST_NODE} or newer; this is ${process.version}.`);
}

const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
if (!existsSync(installedStamp) || readFileSync(installedStamp, "utf8") !== lock) {
  npm("Installing the npm packages", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
  writeFileSync(installedStamp, lock);
}
if (!existsSync(builtStamp) || newestSource() > statSync(builtStamp).mtimeMs) {
  npm("Building", ["run", "--silent", "prepare"]);
}

/** When something was changed last that the build is made from. */
function newestSource() {
  const sources = ["emulator", "web"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$|\.md$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  // The images are copied beside the page, and change together with their manifest.
  const others = ["tsconfig.json", "tsconfig.build.json", "package.json", "images/manifest.json"];
  const files = [...sources, ...others.map((name) => join(root, name))];
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

function npm(what, args) {
  console.error(`${what} …`);
  const { status } = spawnSync("npm", args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) fail(`\`npm ${args.join(" ")}\` failed.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
