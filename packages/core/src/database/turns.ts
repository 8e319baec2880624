/** Gives the turn back. Calling it twice does nothing. */
export type Release = () => void

/** One holder at a time, in the order of asking. */
export class Turns {
  #taken = false
  readonly #waiting = new Set<() => void>()

  /** Resolves when it is the caller's turn. Rejects with the signal's reason when given up before. */
  take(signal?: AbortSignal): Promise<Release> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (!this.#taken) {
      this.#taken = true
      return Promise.resolve(this.#release())
    }
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', giveUp)
        resolve(this.#release())
      }
      const giveUp = (): void => {
        this.#waiting.delete(begin)
        reject(signal!.reason)
      }
      this.#waiting.add(begin)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }

  #release(): Release {
    let held = true
    return () => {
      if (!held) return
      held = false
      const [next] = this.#waiting
      if (next === undefined) {
        this.#taken = false
        return
      }
      this.#waiting.delete(next)
      next()
    }
  }
}
