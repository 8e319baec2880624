import { randomBelow, randomFraction, sleep, type Clock } from '@exprsn/core'
import type { SeededRandom } from '@exprsn/core/testing'
import { sinkErrors, type Sink, type SinkOutcome } from '@exprsn/logs'

/** Lines that a call of the sink is given at most. */
const largestBatch = 20

/** A server that keeps every line it is given, and does not always say so. */
export class SimulatedServer {
  /** Id → text. */
  readonly lines = new Map<string, string>()
  /** Text → times it was taken. */
  readonly taken = new Map<string, number>()
  readonly violations: string[] = []
  readonly faults: Record<string, number> = {}
  readonly #random: SeededRandom
  /** The share of calls that fail. */
  rate = 0

  constructor(random: SeededRandom) {
    this.#random = random
  }

  sink(clock: Clock, isDead: () => boolean): Sink {
    return {
      name: 'server',
      limits: { records: 1 + randomBelow(this.#random, largestBatch), bytes: 4_096 },
      send: async ({ records }) => {
        if (randomFraction(this.#random) < this.rate / 3) {
          this.#hit('sink/slow')
          await sleep(randomBelow(this.#random, 3_000), { clock })
        }
        if (isDead()) return new Promise(() => {})
        const texts = records.map((record) => ({ id: record.id, text: record.text }))
        if (randomFraction(this.#random) < this.rate) return this.#fail(texts)
        return this.#take(texts)
      },
    }
  }

  #fail(texts: readonly { readonly id: string; readonly text: string }[]): SinkOutcome | void {
    switch (randomBelow(this.#random, 4)) {
      case 0:
        this.#hit('sink/unavailable')
        throw sinkErrors.LOGS_SINK_UNAVAILABLE({ sink: 'server', reason: 'down' })
      case 1:
        this.#hit('sink/retry-after')
        throw sinkErrors.LOGS_SINK_UNAVAILABLE({
          sink: 'server',
          reason: 'busy',
          retryAfterMs: randomBelow(this.#random, 5_000),
        })
      case 2: {
        this.#hit('sink/partial')
        const retry = texts.flatMap((_, index) => (randomBelow(this.#random, 2) === 0 ? [index] : []))
        const outcome = this.#take(texts.filter((_, index) => !retry.includes(index)))
        const rejected = (outcome?.rejected ?? []).map(({ reason, index }) => ({
          reason,
          index: texts.indexOf(texts.filter((_, place) => !retry.includes(place))[index]!),
        }))
        return { retry, rejected }
      }
      default:
        this.#take(texts)
        this.#hit('sink/answer-lost')
        throw sinkErrors.LOGS_SINK_UNAVAILABLE({ sink: 'server', reason: 'reset' })
    }
  }

  #take(texts: readonly { readonly id: string; readonly text: string }[]): SinkOutcome | void {
    if (texts.some(({ text }) => text.includes('"refused"'))) {
      this.#hit('sink/refused')
      throw sinkErrors.LOGS_SINK_REFUSED({ sink: 'server', records: texts.length, reason: 'one of them' })
    }
    const rejected: { index: number; reason: string }[] = []
    for (const [index, { id, text }] of texts.entries()) {
      if (text.includes('"rejected"')) {
        this.#hit('sink/rejected')
        rejected.push({ index, reason: 'poison' })
        continue
      }
      const known = this.lines.get(id)
      if (known !== undefined && known !== text) this.violations.push(`The id ${id} stands for two lines.`)
      this.lines.set(id, text)
      this.taken.set(text, (this.taken.get(text) ?? 0) + 1)
    }
    return { rejected }
  }

  #hit(fault: string): void {
    this.faults[fault] = (this.faults[fault] ?? 0) + 1
  }
}
