import { systemClock, type Clock } from '@exprsn/core'
import { differencesOf, type PlcDifference } from './plc-change.ts'
import { recoveryWindow, strongerKeys, type PlcEntry, type PlcLog } from './plc-log.ts'
import type { PlcState } from './plc-operation.ts'

/** One way of undoing what was done to an identity. */
export interface RecoveryPath {
  /** The operation to go back to. */
  readonly to: string
  /** What the identity was then. */
  readonly state: PlcState
  /** The keys, of those that were asked for, that can sign it. The strongest first. */
  readonly keys: readonly string[]
  /** The operations that it undoes, in order. */
  readonly undoes: readonly PlcEntry[]
  /** What would be different from now. */
  readonly differences: readonly PlcDifference[]
  /** The directory takes it up to this time. */
  readonly deadline: Date
}

/** Options of {@link recoveryPaths}. */
export interface RecoveryPathsOptions {
  /** The keys at hand, as did:key. */
  readonly keys: readonly string[]
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * The ways to undo the last operations of an identity with the keys at hand: a stronger key than the one that signed an
 * operation may take its place for 72 hours. The way that undoes least stands first.
 *
 * @example
 * ```ts no-run
 * import { recoveryPaths, verifyPlcLog } from '@exprsn/atproto/identity'
 *
 * declare const did: string, json: unknown, recoveryKey: string
 * for (const path of recoveryPaths(verifyPlcLog(did, json), { keys: [recoveryKey] }))
 *   console.log(path.to, path.deadline, path.differences)
 * ```
 */
export function recoveryPaths(
  log: PlcLog,
  { keys, clock = systemClock }: RecoveryPathsOptions,
): readonly RecoveryPath[] {
  const now = clock.now()
  const paths = log.active.flatMap((before, index): readonly RecoveryPath[] => {
    const undoes = log.active.slice(index + 1)
    const [first] = undoes
    if (first === undefined || before.state === undefined) return []
    const deadline = first.createdAt.getTime() + recoveryWindow
    const able = strongerKeys(before.state, first.signedBy).filter((key) => keys.includes(key))
    if (able.length === 0 || now > deadline) return []
    const differences = differencesOf(log.state, before.state)
    return [{ to: before.cid, state: before.state, keys: able, undoes, differences, deadline: new Date(deadline) }]
  })
  return paths.reverse()
}
