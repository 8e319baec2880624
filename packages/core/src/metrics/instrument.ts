import type { MetricDescription } from './definition.ts'
import { LabelIndex } from './label-index.ts'
import { Problems, type ProblemListener } from './problems.ts'

/** What the series of all kinds have in common. */
export interface Series {
  /** In the order of the instrument's labels; undefined for the overflow series. */
  readonly labels: readonly string[] | undefined
  /** When it was first used, in milliseconds since 1970. */
  readonly created: number
}

/** Where a series is told what it is and where its problems go. */
export interface SeriesContext extends Series {
  readonly problems: Problems
  readonly now: () => number
}

/** What an instrument needs of its registry. */
export interface InstrumentContext {
  readonly now: () => number
  readonly onProblem: ProblemListener
}

const noLabels = {}

/** An instrument's series, found by their labels. */
export class SeriesSet<One extends Series> {
  readonly description: MetricDescription
  readonly problems: Problems
  readonly #index: LabelIndex<One>
  readonly #now: () => number
  readonly #create: (context: SeriesContext) => One
  /** Of an instrument without labels. */
  readonly #only: One | undefined

  constructor(
    description: MetricDescription,
    { now, onProblem }: InstrumentContext,
    create: (context: SeriesContext) => One,
  ) {
    this.description = description
    this.problems = new Problems(description.name, description.maxSeries, onProblem)
    this.#now = now
    this.#create = create
    this.#only = description.labels.length === 0 ? this.#make([]) : undefined
    this.#index = new LabelIndex(description.labels, description.maxSeries, (values) =>
      this.#make(values.length === 0 ? undefined : values),
    )
  }

  /** The series of these labels, or the one for overflow. */
  of(labels: Readonly<Record<string, unknown>> | undefined): One {
    return this.#only ?? this.#index.find(labels ?? noLabels) ?? this.#spill()
  }

  /** All series, the one for overflow last. Those that are added while it is read come, too. */
  *all(): Generator<One> {
    if (this.#only !== undefined) yield this.#only
    yield* this.#index.all
    if (this.#index.overflow !== undefined) yield this.#index.overflow
  }

  get size(): number {
    return this.#only === undefined ? this.#index.all.length + (this.#index.overflow === undefined ? 0 : 1) : 1
  }

  clear(): void {
    this.#index.clear()
  }

  #spill(): One {
    this.problems.overflow()
    return this.#index.spill()
  }

  #make(labels: readonly string[] | undefined): One {
    return this.#create({ labels, created: this.#now(), problems: this.problems, now: this.#now })
  }
}
