import { seededRandom } from "../../debuginfo/test-support/fuzz.js";
import { Builds } from "../../lab/build/builds.js";
import { Images } from "../../lab/index.js";
import { nodeImageSource } from "../../node/image-source.js";
import type { BuildSession, FinishedModule, ModuleSources } from "../../toolchain/index.js";
import { courseModules } from "../../toolchain/test-support/module-sources.js";
import { EDITS, type Edit } from "./edits.js";
import { checkMemory, type SoakOptions } from "./options.js";

const SECTION = "2-fops";
const SOURCE = "hello.c";
/** Memory is looked at in windows of so many rounds: what they had at least is not garbage. */
const WINDOW = 10;
/** From the first half of the rounds to the second the process may grow by so much. */
const MOST_GROWTH_BYTES = 100 * 2 ** 20;

/**
 * The course's module, edited and built so many times in one session; once in each window also built
 * from nothing, which must give the same, and a build taken back half way.
 */
export async function soakBuilds({ rounds, seed }: SoakOptions): Promise<void> {
  const random = seededRandom(seed);
  const hello = courseModules().get(SECTION)?.sources;
  const text = new TextDecoder().decode(hello?.files.get(SOURCE));
  if (hello === undefined || text === "") throw new Error(`The images have no ${SOURCE}.`);
  const images = await Images.open(nodeImageSource());
  using builds = new Builds(images, "i686");
  const session = await builds.session();
  const least: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const edit = EDITS[Math.floor(random() * EDITS.length)];
    if (edit === undefined) throw new RangeError("no such edit");
    const sources = withText(hello, edit.apply(text, random));
    const build = await session.buildModule(sources);
    check(round, edit, build);

    const window = Math.floor((round - 1) / WINDOW);
    const { rss } = process.memoryUsage();
    least[window] = Math.min(least[window] ?? rss, rss);
    if (round % WINDOW !== 0 && round !== rounds) continue;
    check(round, edit, await fromNothing(images, sources), build);
    await takeBack(session, sources);
    console.log(
      `builds ${round} of ${rounds}, seed ${seed}: the last with ${edit.name}; ${checkMemory()}`,
    );
  }
  checkGrowth(least);
}

function withText(module: ModuleSources, text: string): ModuleSources {
  return { ...module, files: new Map([[SOURCE, new TextEncoder().encode(text)]]) };
}

async function fromNothing(images: Images, sources: ModuleSources): Promise<FinishedModule> {
  using builds = new Builds(images, "i686");
  const session = await builds.session();
  // Awaited here: the builder goes with this function.
  return await session.buildModule(sources);
}

/** Cancels a build that has begun. */
async function takeBack(session: BuildSession, sources: ModuleSources): Promise<void> {
  const controller = new AbortController();
  const build = session.buildModule(sources, controller.signal);
  setTimeout(() => controller.abort(), 20);
  const cancelled = await build.then(
    () => false,
    () => true,
  );
  if (!cancelled) fail("a build that was cancelled after 20 ms went on");
}

/** @param expected what another build of the same gave */
function check(round: number, edit: Edit, build: FinishedModule, expected = build): void {
  const what = `round ${round} (${edit.name})`;
  if (build.outcome !== (edit.builds ? "built" : "failed")) {
    fail(`${what} ended as ${build.outcome}: ${"output" in build ? build.output : ""}`);
  }
  if (build.outcome !== "built" || expected.outcome !== "built") return;
  if (Buffer.compare(build.module, expected.module) !== 0) {
    fail(`${what}: the module is another than that of a build from nothing`);
  }
}

/** @param least bytes in each window; the first warms up */
function checkGrowth(least: readonly number[]): void {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  console.log(`least memory of each ${WINDOW} rounds: ${least.map(megabytes).join(", ")}`);
  const warm = least.slice(1);
  const half = warm.length >> 1;
  if (half === 0) return;
  const growth = Math.min(...warm.slice(half)) - Math.min(...warm.slice(0, half));
  if (growth > MOST_GROWTH_BYTES) fail(`the process grew by ${megabytes(growth)}`);
}

function fail(why: string): never {
  console.log(`FAILED: ${why}`);
  process.exit(1);
}
