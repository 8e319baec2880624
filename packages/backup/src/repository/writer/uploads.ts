/** Uploads that overlap, a few at a time. */
export interface Uploads {
  /** Starts one as soon as there is room; rejects when an earlier one failed. */
  start(upload: () => Promise<void>): Promise<void>
  /** Waits for all; rejects with the first failure. */
  done(): Promise<void>
}

/** Runs at most `limit` uploads at a time. */
export function createUploads(limit: number): Uploads {
  const running = new Set<Promise<void>>()
  let failure: { readonly error: unknown } | undefined

  const failed = (): void => {
    if (failure !== undefined) throw failure.error
  }

  return {
    async start(upload) {
      while (running.size >= limit) await Promise.race(running)
      failed()
      const run: Promise<void> = upload()
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => running.delete(run))
      running.add(run)
    },
    async done() {
      while (running.size > 0) await Promise.race(running)
      failed()
    },
  }
}
