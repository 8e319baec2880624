import { describeInstrument, type InstrumentOptions } from './definition.ts'
import { exemplarOf, type Exemplar, type ExemplarLabels } from './exemplar.ts'
import { SeriesSet, type InstrumentContext, type Series, type SeriesContext } from './instrument.ts'
import type { Context, Labels, Observer } from './measurement.ts'
import type { Problems } from './problems.ts'

/** Options of a counter. */
export interface CounterOptions<Name extends string = never> extends InstrumentOptions<Name> {
  /** Reads a total that something else counts, at each collection; such a counter is not added to. @default none */
  readonly observe?: Observer<Name> | undefined
}

/** A counter of one set of labels, found once. */
export interface BoundCounter {
  /** Adds 1, or another finite number of 0 or more. */
  add(amount?: number, exemplar?: ExemplarLabels): void
}

/** Counts what only goes up: requests, bytes sent, errors. */
export interface Counter<Name extends string = never> {
  /** Adds a finite number of 0 or more. Anything else is dropped and counted in `metrics_invalid_total`. */
  add(amount: number, ...context: Context<Name>): void
  /** The counter of these labels: adding to it needs no lookup. */
  bind(...labels: Labels<Name>): BoundCounter
}

/** The total of one set of labels. */
export class CounterSeries implements Series, BoundCounter {
  readonly labels: readonly string[] | undefined
  readonly created: number
  value = 0
  exemplar: Exemplar | undefined
  readonly #problems: Problems
  readonly #now: () => number

  constructor({ labels, created, problems, now }: SeriesContext) {
    this.labels = labels
    this.created = created
    this.#problems = problems
    this.#now = now
  }

  add(amount = 1, exemplar?: ExemplarLabels): void {
    // The comparisons are false for NaN as well; a total that would become infinite could never be right again.
    if (typeof amount !== 'number' || !(amount >= 0 && this.value + amount < Number.POSITIVE_INFINITY))
      return this.#problems.reject(amount)
    this.value += amount
    if (exemplar !== undefined) this.exemplar = exemplarOf(exemplar, amount, this.#now()) ?? this.exemplar
  }
}

/** The counter behind {@link Counter}. */
export class CounterInstrument extends SeriesSet<CounterSeries> {
  readonly observer: Observer<string> | undefined

  constructor(prefix: string, options: CounterOptions<string>, context: InstrumentContext) {
    super(describeInstrument('counter', prefix, options), context, (series) => new CounterSeries(series))
    this.observer = options.observe
  }

  add(amount: number, labels?: Readonly<Record<string, unknown>>, exemplar?: ExemplarLabels): void {
    this.of(labels).add(amount, exemplar)
  }

  bind(labels?: Readonly<Record<string, unknown>>): BoundCounter {
    return this.of(labels)
  }

  /** What the observer sets, which is the whole total. */
  observed(value: number, labels?: Readonly<Record<string, unknown>>): void {
    const series = this.of(labels)
    series.value = 0
    series.add(value)
  }
}
