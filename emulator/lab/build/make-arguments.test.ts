import { expect, it } from "vitest";
import { parseMakeArguments } from "./make-arguments.js";

const NOTHING = {
  goals: [],
  directories: [],
  variables: {},
  alwaysMake: false,
  keepGoing: false,
  silent: false,
  asks: undefined,
};

it.each([
  ["", {}],
  ["clean all", { goals: ["clean", "all"] }],
  [
    "-C /lib/modules/6.1/build M=/home/student modules",
    {
      directories: ["/lib/modules/6.1/build"],
      variables: { M: "/home/student" },
      goals: ["modules"],
    },
  ],
  ["-C.. --directory=x", { directories: ["..", "x"] }],
  ["-j4 -j 2 -j hello.ko", { goals: ["hello.ko"] }],
  ["--jobs=3 all", { goals: ["all"] }],
  ["-Bsk", { alwaysMake: true, silent: true, keepGoing: true }],
  ["--always-make --quiet --keep-going", { alwaysMake: true, silent: true, keepGoing: true }],
  ["KCFLAGS=-DX=1 CONFIG_HELLO:=m", { variables: { KCFLAGS: "-DX=1", CONFIG_HELLO: "m" } }],
  ["--help", { asks: "help" }],
  ["-v", { asks: "version" }],
])("make %s", (line, expected) => {
  const words = line === "" ? [] : line.split(" ");
  expect(parseMakeArguments(words)).toEqual({ ...NOTHING, ...expected });
});

it.each(["-n", "--dry-run", "-f", "--file=other", "-sn", "-i"])(
  "has no option %s, and says so",
  (word) => {
    expect(() => parseMakeArguments([word])).toThrow(`this make has no option ${word};`);
  },
);

it("wants a folder behind -C", () => {
  expect(() => parseMakeArguments(["-C"])).toThrow("option requires an argument -- 'C'");
});
