import type { RunContext } from '@exprsn/core/schedule'
import type { SimulatedProcess } from './world.ts'

interface Call {
  readonly process: SimulatedProcess
  readonly context: RunContext
  isOver: boolean
}

/** Sees every call of every job's function on every process, and says which promise it breaks. */
export class Observer {
  readonly violations = new Set<string>()
  readonly #calls: Call[] = []
  readonly #latestToken = new Map<string, number>()
  readonly #tokens = new Map<string, Set<number>>()
  /** Jobs that are paused for sure. */
  readonly paused = new Set<string>()

  begin(process: SimulatedProcess, context: RunContext, isExclusive: boolean): () => void {
    const { id, slot, fencingToken } = context
    const call: Call = { process, context, isOver: false }
    const name = `${id} at ${slot.toISOString()}`
    const tokens = this.#tokens.get(id) ?? new Set()
    const key = `${id}/${slot.getTime()}`
    if (tokens.has(fencingToken)) this.violations.add(`The fencing token ${fencingToken} of ${name} was used before.`)
    const latest = this.#latestToken.get(key) ?? 0
    // Runs of two slots may begin in another order than they were claimed. To others, the lease of one whose clock is wrong may be over
    // before its claim has answered: it begins after who took its run over, and finds out when it completes.
    if (fencingToken <= latest && process.isTrusted)
      this.violations.add(`The fencing token ${fencingToken} of ${name} is not greater than the one before.`)
    this.#tokens.set(id, tokens.add(fencingToken))
    this.#latestToken.set(key, Math.max(latest, fencingToken))
    if (this.paused.has(id)) this.violations.add(`${name} began although the job is paused.`)
    for (const other of process.isTrusted ? this.#calls : [])
      if (other.context.id === id && isLive(other) && (isExclusive || other.context.slot.getTime() === slot.getTime()))
        this.violations.add(
          `${name} began while a replica that holds its lease runs ${other.context.slot.toISOString()}.`,
        )
    this.#calls.push(call)
    return () => {
      call.isOver = true
    }
  }
}

/** A process whose clock is wrong by more than a quarter of the lease is promised less: only the effects. */
function isLive({ process, context, isOver }: Call): boolean {
  return !isOver && process.state === 'running' && !context.signal.aborted && process.isTrusted
}
