import { describeInstrument, type InstrumentOptions } from './definition.ts'
import { SeriesSet, type InstrumentContext, type Series, type SeriesContext } from './instrument.ts'
import type { Labels, Observer } from './measurement.ts'
import type { Problems } from './problems.ts'

/** Options of a gauge. */
export interface GaugeOptions<Name extends string = never> extends InstrumentOptions<Name> {
  /** Reads the present value at each collection; such a gauge is not set otherwise. @default none */
  readonly observe?: Observer<Name> | undefined
}

/** A gauge of one set of labels, found once. */
export interface BoundGauge {
  /** Takes a finite number. */
  set(value: number): void
  /** Adds 1, or another finite number, which may be negative. */
  add(amount?: number): void
}

/** Holds what goes up and down: connections, queue lengths, temperatures. */
export interface Gauge<Name extends string = never> {
  /** Takes a finite number. Anything else is dropped and counted in `metrics_invalid_total`. */
  set(value: number, ...labels: Labels<Name>): void
  /** Adds a finite number, which may be negative. */
  add(amount: number, ...labels: Labels<Name>): void
  /** The gauge of these labels: setting it needs no lookup. */
  bind(...labels: Labels<Name>): BoundGauge
}

/** The value of one set of labels. */
export class GaugeSeries implements Series, BoundGauge {
  readonly labels: readonly string[] | undefined
  readonly created: number
  value = 0
  readonly #problems: Problems

  constructor({ labels, created, problems }: SeriesContext) {
    this.labels = labels
    this.created = created
    this.#problems = problems
  }

  set(value: number): void {
    if (Number.isFinite(value)) this.value = value
    else this.#problems.reject(value)
  }

  add(amount = 1): void {
    if (typeof amount === 'number' && Number.isFinite(this.value + amount)) this.value += amount
    else this.#problems.reject(amount)
  }
}

/** The gauge behind {@link Gauge}. */
export class GaugeInstrument extends SeriesSet<GaugeSeries> {
  readonly observer: Observer<string> | undefined

  constructor(prefix: string, options: GaugeOptions<string>, context: InstrumentContext) {
    super(describeInstrument('gauge', prefix, options), context, (series) => new GaugeSeries(series))
    this.observer = options.observe
  }

  set(value: number, labels?: Readonly<Record<string, unknown>>): void {
    this.of(labels).set(value)
  }

  add(amount: number, labels?: Readonly<Record<string, unknown>>): void {
    this.of(labels).add(amount)
  }

  bind(labels?: Readonly<Record<string, unknown>>): BoundGauge {
    return this.of(labels)
  }

  observed(value: number, labels?: Readonly<Record<string, unknown>>): void {
    this.of(labels).set(value)
  }
}
