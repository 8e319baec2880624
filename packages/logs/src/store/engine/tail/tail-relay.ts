import { sleep, type Clock, type Logger } from '@exprsn/core'
import type { TailFiles } from '../../files/tail-files.ts'
import { compileFilter } from '../../query/compile-filter.ts'
import type { TailHub } from './tail-hub.ts'

/** Lines that wait in memory for one who follows elsewhere. */
const mostLines = 10_000

/** Answers that lie there unread before lines wait in memory. */
const mostUnread = 16

/** Milliseconds between two answers: what comes meanwhile goes together. */
const pause = 50

/** Passes lines of the process that writes on to those who follow in other processes. */
export class TailRelay {
  readonly #files: TailFiles
  readonly #hub: TailHub
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #running = new Map<string, AbortController>()

  constructor(files: TailFiles, hub: TailHub, clock: Clock, logger: Logger) {
    this.#files = files
    this.#hub = hub
    this.#clock = clock
    this.#logger = logger
  }

  /** Looks who follows, and who does not any more. */
  async serve(): Promise<void> {
    const ids = await this.#files.requests()
    for (const [id, controller] of this.#running) if (!ids.includes(id)) controller.abort()
    for (const id of ids) {
      if (await this.#files.removeDead(id)) this.#running.get(id)?.abort()
      else if (!this.#running.has(id)) this.#start(id)
    }
  }

  /** Passes nothing on any more. */
  stop(): void {
    for (const controller of this.#running.values()) controller.abort()
  }

  #start(id: string): void {
    const controller = new AbortController()
    this.#running.set(id, controller)
    void this.#pass(id, controller.signal)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) this.#logger.warn({ err: error }, 'A tail of another process has ended.')
      })
      .finally(() => this.#running.delete(id))
  }

  async #pass(id: string, signal: AbortSignal): Promise<void> {
    const query = await this.#files.readRequest(id)
    if (query === undefined) return
    const filter = await compileFilter(query.filter)
    // Another writer may have answered before.
    let number = 1 + Number((await this.#files.unread(id)).at(-1)?.slice(id.length + 1, -'.lines'.length) ?? 0)
    for await (const batch of this.#hub.follow(JSON.stringify(query), filter, mostLines, signal)) {
      if (batch.count === 0 && batch.dropped === 0) continue
      while (!signal.aborted && (await this.#files.unread(id)).length >= mostUnread) await this.#pause(signal)
      if (signal.aborted) return
      await this.#files.put(id, number++, batch)
      await this.#pause(signal)
    }
  }

  /** Ends with the signal, too; whoever waits asks it next. */
  #pause(signal: AbortSignal): Promise<void> {
    return sleep(pause, { clock: this.#clock, signal, background: true }).catch(() => {})
  }
}
