/** Lets one task after the other have its turn. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs a task when those before it have ended, however they did. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task, task)
    this.#last = result.catch(() => {})
    return result
  }
}
