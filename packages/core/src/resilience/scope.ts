import type { PolicyContext, Work } from './policy.ts'

/**
 * One attempt's context. An AbortController costs more than all layers together, so it is made only when the work reads
 * `signal`; until then an abort is a field. (`private` instead of `#`: initialising seven true private fields doubles what
 * it costs to make one of these.)
 */
export class Scope implements PolicyContext {
  readonly work: Work<unknown>
  readonly attempt: number
  /** Whether nobody can abort it: a call without a signal, as its outermost layer sees it. */
  readonly steady: boolean
  private readonly parent: Scope | undefined
  private controller: AbortController | undefined = undefined
  /** Scopes whose signal was read and must learn of our abort. */
  private listeners: Scope[] | undefined = undefined
  private ended = false
  private endReason: unknown = undefined

  constructor(work: Work<unknown>, parent: Scope | undefined, attempt: number, steady = false) {
    this.work = work
    this.attempt = attempt
    this.steady = steady
    this.parent = parent
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController()
      if (this.aborted) this.controller.abort(this.reason)
      else this.parent?.listen(this)
    }
    return this.controller.signal
  }

  get aborted(): boolean {
    return this.ended || (this.parent?.aborted ?? false)
  }

  get reason(): unknown {
    return this.ended ? this.endReason : this.parent?.reason
  }

  abort(reason: unknown): void {
    if (this.ended) return
    this.ended = true
    this.endReason = reason
    this.controller?.abort(reason)
    for (const scope of this.listeners ?? []) scope.abort(reason)
  }

  private listen(scope: Scope): void {
    if (this.listeners === undefined) {
      this.listeners = []
      this.parent?.listen(this)
    }
    this.listeners.push(scope)
  }
}
