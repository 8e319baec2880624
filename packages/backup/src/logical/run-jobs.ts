/**
 * Works jobs off, several at a time. The first failure aborts the signal that the others see, is thrown once all have ended,
 * and no further job begins.
 */
export async function runJobs<Job, Worker>(
  jobs: readonly Job[],
  workers: readonly Worker[],
  run: (job: Job, worker: Worker, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const stop = new AbortController()
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  let failure: { readonly error: unknown } | undefined
  let next = 0
  const work = async (worker: Worker): Promise<void> => {
    while (failure === undefined && next < jobs.length) {
      try {
        signal?.throwIfAborted()
        await run(jobs[next++]!, worker, stopped)
      } catch (error) {
        failure ??= { error }
        stop.abort(error)
      }
    }
  }
  await Promise.all(workers.map(work))
  if (failure !== undefined) throw failure.error
}
