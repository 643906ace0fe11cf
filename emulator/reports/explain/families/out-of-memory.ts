import { type Explanation, fromText } from "../explanation.js";
import { findLine } from "../wording.js";

/** mm/oom_kill.c and mm/page_alloc.c, warn_alloc(). */
export const explainOutOfMemory = fromText((report): Explanation => {
  const invoked = findLine(report, /(\S.*?) invoked oom-killer: .*?order=(\d+)/);
  const killed = findLine(report, /Kill(?:ed)? process (\d+) \((.*?)\)(?:.*?anon-rss:(\d+)kB)?/);
  const failed = findLine(report, /(\S.*?): page allocation failure[:.] order:(\d+)/);
  const group = findLine(report, /Memory cgroup out of memory|memory: usage \d+kB, limit (\d+)kB/);
  const evidence = [invoked, killed, failed].flatMap((line) =>
    line === undefined ? [] : [line.input.trim()],
  );
  if (failed !== undefined && killed === undefined) {
    return {
      sentence: `\`${failed[1]}\` asked for ${pages(Number(failed[2]))}, and there were none.`,
      evidence,
    };
  }
  const what =
    group === undefined
      ? "The machine had no memory left"
      : "A memory control group had used up its limit";
  const asked =
    invoked === undefined ? "" : ` when \`${invoked[1]}\` asked for ${pages(Number(invoked[2]))}`;
  const rss =
    killed?.[3] === undefined
      ? ""
      : `, which held ${Math.round(Number(killed[3]) / 1024)} MiB of its own`;
  const victim =
    killed === undefined ? "" : `, so the kernel killed \`${killed[2]}\` (pid ${killed[1]})${rss}`;
  return {
    sentence: `${what}${asked}${victim}.`,
    evidence: evidence.length === 0 ? [report.message] : evidence,
  };
});

function pages(order: number): string {
  return order === 0 ? "a page" : `${2 ** order} pages in a row`;
}
