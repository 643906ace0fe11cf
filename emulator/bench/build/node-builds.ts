import { Builds } from "../../lab/build/builds.js";
import { type ImageSource, Images } from "../../lab/index.js";
import { nodeImageSource } from "../../node/image-source.js";
import type { BuildSession, BuildSources, ModuleSources } from "../../toolchain/index.js";
import { readArchive, readRecipe } from "../../toolchain/test-support/images.js";
import { courseModules } from "../../toolchain/test-support/module-sources.js";
import { NativeClang, whyNoNativeClang } from "../../toolchain/test-support/native-clang.js";
import { median } from "../median.js";
import type { BuildBench, BuildTimes } from "./build-bench.js";

/** So many builds are looked at once the compiler is warm. */
const WARM_BUILDS = 7;
const SECTION = "2-fops";

/** The course's module, and its test program. */
const module = helloModule();
const program = helloTest();

/** Builds as `kspace build` does, in each run with nothing kept of the one before. */
export async function benchBuilds(runs: number): Promise<BuildBench> {
  const whyNoNative = whyNoNativeClang();
  using native = whyNoNative === undefined ? new NativeClang(readRecipe()) : undefined;
  const times: BuildTimes[] = [];
  let firstBytes = 0;
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`build, run ${run} of ${runs} …\n`);
    const ours = await measureRun();
    firstBytes = ours.firstBytes;
    times.push(native ? { ...ours.times, native: await measureNative(native) } : ours.times);
  }
  return { times, firstBytes, ...(whyNoNative === undefined ? {} : { whyNoNative }) };
}

async function measureRun(): Promise<{ times: BuildTimes; firstBytes: number }> {
  let bytes = 0;
  const source = countingSource((read) => {
    bytes += read;
  });
  const images = await Images.open(source);
  // Every lab reads the manifest, with or without a build.
  const manifestBytes = bytes;
  using builds = new Builds(images, "i686");
  const compiler = await timed(() => builds.fetch("compiler"));
  const session = await builds.session();
  const firstModule = await timed(() => buildModule(session, 0));
  const firstBytes = bytes - manifestBytes;
  const warmModule = await warm((edit) => buildModule(session, edit));
  const firstProgram = await timed(() => buildProgram(session, 0));
  const warmProgram = await warm((edit) => buildProgram(session, edit));
  return { times: { compiler, firstModule, warmModule, firstProgram, warmProgram }, firstBytes };
}

async function measureNative(native: NativeClang): Promise<number> {
  return warm(async () => void native.compile(module));
}

async function buildModule(session: BuildSession, edit: number): Promise<void> {
  const { outcome } = await session.buildModule(edited(module, edit));
  if (outcome !== "built") throw new Error(`The course's module ended as ${outcome}.`);
}

async function buildProgram(session: BuildSession, edit: number): Promise<void> {
  const { outcome } = await session.buildProgram(edited(program, edit));
  if (outcome !== "built") throw new Error(`The course's test program ended as ${outcome}.`);
}

/** Another source each time, as it is when somebody works on it. */
function edited<T extends BuildSources>(what: T, edit: number): T {
  const comment = new TextEncoder().encode(`/* edit ${edit} */\n`);
  const files = [...what.files].map(
    ([path, bytes]) => [path, Buffer.concat([bytes, comment])] as const,
  );
  return { ...what, files: new Map(files) };
}

function helloModule(): ModuleSources {
  const hello = courseModules().get(SECTION);
  if (hello === undefined) throw new Error(`The images have no hello.c of section ${SECTION}.`);
  return hello.sources;
}

function helloTest(): BuildSources {
  const name = "hello-test.c";
  const folder = `home/student/${SECTION}`;
  const source = readArchive("i686/course.tar.gz").get(`${folder}/${name}`);
  if (source === undefined) throw new Error(`The images have no ${folder}/${name}.`);
  return {
    folder: `/${folder}`,
    sources: [name],
    files: new Map([[name, source]]),
    options: ["-O2", "-g"],
  };
}

/** The median of some repetitions, milliseconds. */
async function warm(work: (edit: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let edit = 1; edit <= WARM_BUILDS; edit++) times.push(await timed(() => work(edit)));
  return median(times);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** @param onRead is told the size of each file that is read */
function countingSource(onRead: (bytes: number) => void): ImageSource {
  const source = nodeImageSource();
  return {
    ...source,
    readImage: async (...args) => {
      const bytes = await source.readImage(...args);
      onRead(bytes.length);
      return bytes;
    },
  };
}
