/** The number of the first line that holds a text, from 1; 1 where none does. */
export function lineOf(text: string, wanted: string): number {
  const index = text.split("\n").findIndex((line) => line.includes(wanted));
  return Math.max(index, 0) + 1;
}
