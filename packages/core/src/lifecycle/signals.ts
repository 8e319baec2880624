/** Calls back for each of the signals that the process receives, until the returned function is called. */
export function listenToSignals(
  signals: readonly NodeJS.Signals[],
  callback: (name: NodeJS.Signals) => void,
): () => void {
  for (const name of signals) process.on(name, callback)
  return () => {
    for (const name of signals) process.off(name, callback)
  }
}
