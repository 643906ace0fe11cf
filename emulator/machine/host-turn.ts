/**
 * Makes a function that lets the host's event loop take a turn: timers, messages and input are
 * served, then its promise resolves. setTimeout(0) would cost 1 ms in Node and 4 ms in a
 * browser; setImmediate, or a message between two ports, costs microseconds.
 */
export function createHostTurn(): () => Promise<void> {
  if (typeof setImmediate === "function") {
    return () => new Promise((resolve) => void setImmediate(resolve));
  }
  const { port1, port2 } = new MessageChannel();
  return () =>
    new Promise((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(undefined);
    });
}
