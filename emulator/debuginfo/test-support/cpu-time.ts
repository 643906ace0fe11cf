/**
 * The processor time that this process has taken, in milliseconds: unlike the time of day it
 * does not pass while a busy machine lets others run.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
