import type { ExprsnError } from '../errors/exprsn-error.ts'
import { metricsErrors } from './errors.ts'

/** Told of a problem with an instrument, once for each instrument and kind of problem. */
export type ProblemListener = (problem: ExprsnError) => void

/** What one instrument could not count. Measuring never throws: it would take down what is measured. */
export class Problems {
  /** Values that are no numbers of the kind, and were dropped. */
  invalid = 0
  /** Values that went to the overflow series. */
  overflowed = 0
  readonly #name: string
  readonly #limit: number
  readonly #listener: ProblemListener
  #observerFailed = false

  constructor(name: string, limit: number, listener: ProblemListener) {
    this.#name = name
    this.#limit = limit
    this.#listener = listener
  }

  reject(value: unknown): void {
    const shown = typeof value === 'number' ? value : `a ${typeof value}`
    if (this.invalid++ === 0) this.#tell(metricsErrors.CORE_METRICS_VALUE_INVALID({ name: this.#name, value: shown }))
  }

  overflow(): void {
    if (this.overflowed++ === 0)
      this.#tell(metricsErrors.CORE_METRICS_CARDINALITY({ name: this.#name, limit: this.#limit }))
  }

  observerFailed(cause: unknown): void {
    if (!this.#observerFailed) this.#tell(metricsErrors.CORE_METRICS_OBSERVER_FAILED({ name: this.#name }, { cause }))
    this.#observerFailed = true
  }

  #tell(problem: ExprsnError): void {
    try {
      this.#listener(problem)
    } catch {
      // A listener that throws must not reach the code that is measured either.
    }
  }
}
