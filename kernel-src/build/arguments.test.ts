import { expect, test } from "vitest";
import { parseArguments } from "./arguments.js";

const stages = ["kernel", "course"];

test("takes stages and options in any order", () => {
  expect(parseArguments(["--check", "course", "--work", "/x", "kernel"], stages)).toEqual({
    stages: ["course", "kernel"],
    check: true,
    force: false,
    help: false,
    work: "/x",
  });
});

test.each([
  [["kernal"], 'There is no stage "kernal". The stages: kernel, course.'],
  [["--chek"], "Unknown option '--chek'"],
  [["--work"], "Option '--work <value>' argument missing"],
])("refuses %j", (args, message) => {
  expect(() => parseArguments(args, stages)).toThrow(message);
});
