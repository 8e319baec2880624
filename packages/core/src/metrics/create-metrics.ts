import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { CounterInstrument, type Counter, type CounterOptions } from './counter.ts'
import { sampleNames, type MetricDescription } from './definition.ts'
import { metricsErrors } from './errors.ts'
import { GaugeInstrument, type Gauge, type GaugeOptions } from './gauge.ts'
import { HistogramInstrument, type Histogram, type HistogramOptions } from './histogram.ts'
import type { InstrumentContext } from './instrument.ts'
import { toOtlp, type OtlpOptions } from './otlp/to-otlp.ts'
import type { OtlpMetricsRequest } from './otlp/otlp-metrics.ts'
import type { ProblemListener, Problems } from './problems.ts'
import { writeText, type TextOptions } from './text/write-text.ts'

/** Options of {@link createMetrics}. */
export interface MetricsOptions {
  /** Begins every name, as in `app_requests_total`. @default none */
  readonly prefix?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /**
   * Told when an instrument is given a value it cannot count, runs out of room for label values, or its observer throws:
   * once for each instrument and kind. Measuring itself never throws. @default nobody
   */
  readonly onProblem?: ProblemListener | undefined
}

/**
 * The instruments of a program and their values. Asking twice for the same instrument gives the same one.
 * Its instruments throw `CORE_METRICS_NAME_INVALID`, `CORE_METRICS_NAME_TAKEN` and `CORE_METRICS_OPTION_INVALID` when
 * they are made, and nothing when they are used.
 */
export interface Metrics {
  /** Makes a counter. */
  counter<const Name extends string = never>(options: CounterOptions<Name>): Counter<Name>
  /** Makes a gauge. */
  gauge<const Name extends string = never>(options: GaugeOptions<Name>): Gauge<Name>
  /** Makes a histogram: exponential, or with bounds of your own. */
  histogram<const Name extends string = never>(options: HistogramOptions<Name>): Histogram<Name>
  /** Every instrument as data, in the order they were made. */
  describe(): readonly MetricDescription[]
  /**
   * All values in the Prometheus or OpenMetrics text format, piece by piece. It lets the event loop go on every millisecond,
   * however much there is; a series is never cut in two.
   */
  text(options?: TextOptions): AsyncIterable<string>
  /** All values as the body of an OTLP/JSON request to `/v1/metrics`. */
  toOtlp(options?: OtlpOptions): OtlpMetricsRequest
}

/**
 * A registry of instruments. It starts no timer and opens nothing.
 *
 * @example
 * ```ts
 * import { createMetrics } from '@exprsn/core/metrics'
 *
 * const metrics = createMetrics({ prefix: 'app' })
 * const duration = metrics.histogram({
 *   name: 'http_request_duration',
 *   unit: 'seconds',
 *   help: 'How long requests took.',
 *   labels: ['method', 'status'],
 * })
 * duration.observe(0.012, { method: 'GET', status: 200 })
 * const get = duration.bind({ method: 'GET', status: 200 })
 * get.observe(0.034)
 * for await (const text of metrics.text()) console.log(text)
 * ```
 */
export function createMetrics({ prefix = '', clock = systemClock, onProblem }: MetricsOptions = {}): Metrics {
  return new MetricsRegistry(prefix, clock, onProblem ?? (() => {}))
}

/** Any instrument with what exporters read of it. */
export type Instrument = CounterInstrument | GaugeInstrument | HistogramInstrument

class MetricsRegistry implements Metrics {
  readonly #prefix: string
  readonly #clock: Clock
  readonly #context: InstrumentContext
  readonly #instruments = new Map<string, Instrument>()
  /** Sample name → the instrument that writes it. */
  readonly #taken = new Map<string, string>()

  constructor(prefix: string, clock: Clock, onProblem: ProblemListener) {
    this.#prefix = prefix
    this.#clock = clock
    this.#context = { now: () => clock.now(), onProblem }
    this.#countProblems(
      'metrics_invalid',
      'Values that were dropped because they were no numbers of the kind.',
      'invalid',
    )
    this.#countProblems('metrics_overflow', 'Values that went to an overflow series.', 'overflowed')
  }

  counter<const Name extends string = never>(options: CounterOptions<Name>): Counter<Name> {
    return this.#register(
      new CounterInstrument(this.#prefix, options as unknown as CounterOptions<string>, this.#context),
    ) as unknown as Counter<Name>
  }

  gauge<const Name extends string = never>(options: GaugeOptions<Name>): Gauge<Name> {
    return this.#register(
      new GaugeInstrument(this.#prefix, options as unknown as GaugeOptions<string>, this.#context),
    ) as unknown as Gauge<Name>
  }

  histogram<const Name extends string = never>(options: HistogramOptions<Name>): Histogram<Name> {
    return this.#register(new HistogramInstrument(this.#prefix, options, this.#context)) as unknown as Histogram<Name>
  }

  describe(): readonly MetricDescription[] {
    return [...this.#instruments.values()].map(({ description }) => description)
  }

  text(options: TextOptions = {}): AsyncIterable<string> {
    return writeText(this.#collect(), this.#clock, options)
  }

  toOtlp(options: OtlpOptions = {}): OtlpMetricsRequest {
    return toOtlp([...this.#collect()], this.#clock.now(), options)
  }

  /** The instruments one by one, each observed as it is reached. */
  *#collect(): Generator<Instrument> {
    for (const instrument of this.#instruments.values()) if (observe(instrument)) yield instrument
  }

  #register(instrument: Instrument): Instrument {
    const { description } = instrument
    const { name } = description
    const known = this.#instruments.get(name)
    if (known !== undefined && JSON.stringify(known.description) === JSON.stringify(description)) return known
    const names = sampleNames(description)
    const taken = names.find((sample) => this.#taken.has(sample))
    if (taken !== undefined) throw metricsErrors.CORE_METRICS_NAME_TAKEN({ name, other: this.#taken.get(taken) })
    for (const sample of names) this.#taken.set(sample, name)
    this.#instruments.set(name, instrument)
    return instrument
  }

  #countProblems(name: string, help: string, kind: 'invalid' | 'overflowed'): void {
    this.counter({
      name,
      help,
      labels: ['metric'],
      maxSeries: Number.MAX_SAFE_INTEGER,
      observe: (set) => {
        for (const { description, problems } of this.#instruments.values() as Iterable<WithProblems>)
          if (problems[kind] > 0) set(problems[kind], { metric: description.name })
      },
    })
  }
}

interface WithProblems {
  readonly description: MetricDescription
  readonly problems: Problems
}

/** False when the observer threw: what it had set until then would be half of the truth. */
function observe(instrument: Instrument): boolean {
  if (instrument instanceof HistogramInstrument || instrument.observer === undefined) return true
  instrument.clear()
  try {
    instrument.observer((value, labels) => instrument.observed(value, labels))
    return true
  } catch (error) {
    instrument.problems.observerFailed(error)
    return false
  }
}
